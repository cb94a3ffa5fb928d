"""`app.errors` is `backend_core.errors` now: this alias hands over that very module."""

# decompose: alias of backend_core.errors, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.errors import *  # noqa: F403

import backend_core.errors  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.errors"]
