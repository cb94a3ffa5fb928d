"""`app.settings.static` is `backend_core.settings.static` now: this alias hands over that very module."""

# decompose: alias of backend_core.settings.static, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.settings.static import *  # noqa: F403

import backend_core.settings.static  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.settings.static"]
