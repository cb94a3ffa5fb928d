"""`shop.domain.bill` is `backend_core.domain.bill` now: this alias hands over that very module."""

# decompose: alias of backend_core.domain.bill, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.domain.bill import *  # noqa: F403

import backend_core.domain.bill  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.domain.bill"]
