"""What the shop is about."""

from backend_core.domain.bill import Bill
from orders_service.models.order import Order

__all__ = ["Bill", "Order"]
