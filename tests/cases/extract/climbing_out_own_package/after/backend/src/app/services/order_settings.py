"""`app.services.order_settings` is `orders.services.order_settings` now: this alias hands over that very module."""

# decompose: alias of orders.services.order_settings, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders.services.order_settings import *  # noqa: F403

import orders.services.order_settings  # noqa: F401

sys.modules[__name__] = sys.modules["orders.services.order_settings"]
