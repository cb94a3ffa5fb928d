import importlib

from backend_core.wallets.fake import FakeWallet
from backend_core.wallets.void import VoidWallet
from backend_core.wallets import (  # noqa: F401
    choose,
    wallets_module,
)

__all__ = ["FakeWallet", "VoidWallet"]
