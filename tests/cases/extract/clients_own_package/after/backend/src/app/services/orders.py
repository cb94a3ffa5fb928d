"""`app.services.orders` is `orders.services.orders` now: this alias hands over that very module."""

# decompose: alias of orders.services.orders, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders.services.orders import *  # noqa: F403

import orders.services.orders  # noqa: F401

sys.modules[__name__] = sys.modules["orders.services.orders"]
