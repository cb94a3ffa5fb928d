"""The routers by name."""

from .carts import router as carts
from .orders import router as orders
from .users import router as users

__all__ = ["carts", "orders", "users"]
