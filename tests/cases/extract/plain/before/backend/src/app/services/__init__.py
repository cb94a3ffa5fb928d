"""The services."""

from .users import everybody

__all__ = ["everybody"]
