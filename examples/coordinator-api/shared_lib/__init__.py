"""Small helpers that every package in this repository may use."""

from .ids import new_id
from .ratelimit import SlidingWindow

__all__ = ["SlidingWindow", "new_id"]
