"""What the shop is about."""

from .order import Order

__all__ = ["Order"]

