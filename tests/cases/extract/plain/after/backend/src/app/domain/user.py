"""`app.domain.user` is `backend_core.domain.user` now: this alias hands over that very module."""

# decompose: alias of backend_core.domain.user, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.domain.user import *  # noqa: F403

import backend_core.domain.user  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.domain.user"]
