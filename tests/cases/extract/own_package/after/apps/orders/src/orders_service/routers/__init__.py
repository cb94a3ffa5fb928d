"""The routers by the names of their modules."""

from .orders import router as orders

__all__ = ["orders"]
