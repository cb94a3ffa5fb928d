from .bills import total
from .orders import place

__all__ = ["place", "total"]
