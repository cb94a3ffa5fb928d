"""`app.services.order_notes` is `orders.services.order_notes` now: this alias hands over that very module."""

# decompose: alias of orders.services.order_notes, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orders.services.order_notes import *  # noqa: F403

import orders.services.order_notes  # noqa: F401

sys.modules[__name__] = sys.modules["orders.services.order_notes"]
