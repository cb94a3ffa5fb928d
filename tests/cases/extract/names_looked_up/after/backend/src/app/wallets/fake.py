"""`app.wallets.fake` is `backend_core.wallets.fake` now: this alias hands over that very module."""

# decompose: alias of backend_core.wallets.fake, expires 2099-12-31

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_core.wallets.fake import *  # noqa: F403

import backend_core.wallets.fake  # noqa: F401

sys.modules[__name__] = sys.modules["backend_core.wallets.fake"]
