"""`app.config` is `backend_core.config` now: this alias hands over that very module."""

# decompose: alias of backend_core.config, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.config import *  # noqa: F403

import backend_core.config  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.config"]
