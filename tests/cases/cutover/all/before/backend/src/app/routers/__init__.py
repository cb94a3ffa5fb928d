"""The routers."""

__all__ = ["carts", "orders"]

from . import carts, orders
