"""`app.schemas.users.token` is `backend_core.schemas.users.token` now: this alias hands over that very module."""

# decompose: alias of backend_core.schemas.users.token, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.schemas.users.token import *  # noqa: F403

import backend_core.schemas.users.token  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.schemas.users.token"]
