"""What is on the shelves."""

__all__ = []
