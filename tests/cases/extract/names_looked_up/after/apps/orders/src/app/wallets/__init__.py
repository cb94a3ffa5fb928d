
from backend_core.wallets import (  # noqa: F401
    choose,
)

__all__ = []
