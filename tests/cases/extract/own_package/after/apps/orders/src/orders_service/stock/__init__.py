"""What is on the shelves."""

from .shelf import reserve

__all__ = ["reserve"]
