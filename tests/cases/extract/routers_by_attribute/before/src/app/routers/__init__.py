from . import users
from .carts import router as carts
from .a import router as a
from .b import router as b

__all__ = ["carts", "users"]
