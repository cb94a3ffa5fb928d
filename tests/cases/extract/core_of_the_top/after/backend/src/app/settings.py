"""`app.settings` is `backend_core.settings` now: this alias hands over that very module."""

# decompose: alias of backend_core.settings, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.settings import *  # noqa: F403

import backend_core.settings  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.settings"]
