"""Sales."""

from .carts import find as find_cart
from .express.orders import find as find_order

__all__ = ["find_cart", "find_order"]
