"""`app.bills` is `bills.bills` now: this alias hands over that very module."""

# decompose: alias of bills.bills, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bills.bills import *  # noqa: F403

import bills.bills  # noqa: F401

sys.modules[__name__] = sys.modules["bills.bills"]
