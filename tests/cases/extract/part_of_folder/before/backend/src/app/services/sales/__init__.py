"""Sales."""

from .gifts import give
from .orders import find

__all__ = ["find", "give"]
