"""`app.services.tax` is `backend_core.services.tax` now: this alias hands over that very module."""

# decompose: alias of backend_core.services.tax, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.services.tax import *  # noqa: F403

import backend_core.services.tax  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.services.tax"]
