"""The routers by the names of their modules."""

from .billing import router as billing

__all__ = ["billing"]
