"""`app.storage.db` is `backend_core.storage.db` now: this alias hands over that very module."""

# decompose: alias of backend_core.storage.db, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.storage.db import *  # noqa: F403

import backend_core.storage.db  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.storage.db"]
