"""`app.values` is `backend_core.values` now: this alias hands over that very module."""

# decompose: alias of backend_core.values, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.values import *  # noqa: F403

import backend_core.values  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.values"]
