"""What the shop is about."""

from .bill import Bill
from .order import Order

__all__ = ["Bill", "Order"]
