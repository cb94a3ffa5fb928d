"""`app.config.reading` is `backend_core.config.reading` now: this alias hands over that very module."""

# decompose: alias of backend_core.config.reading, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.config.reading import *  # noqa: F403

import backend_core.config.reading  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.config.reading"]
