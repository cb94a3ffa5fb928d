"""The routers by the names of their modules."""

from .billing import router as billing
from .orders import router as orders

__all__ = ["billing", "orders"]
SIZE = 20
