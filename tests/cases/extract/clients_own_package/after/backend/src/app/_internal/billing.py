"""`app._internal.billing` is `billing._internal.billing` now: this alias hands over that very module."""

# decompose: alias of billing._internal.billing, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing._internal.billing import *  # noqa: F403

import billing._internal.billing  # noqa: F401

sys.modules[__name__] = sys.modules["billing._internal.billing"]
