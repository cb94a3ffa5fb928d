"""`app.database` is `backend_core.database` now: this alias hands over that very module."""

# decompose: alias of backend_core.database, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.database import *  # noqa: F403

import backend_core.database  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.database"]
