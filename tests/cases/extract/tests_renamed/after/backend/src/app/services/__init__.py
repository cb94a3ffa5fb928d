from .bills import total
from orders.services.orders import place

__all__ = ["place", "total"]
