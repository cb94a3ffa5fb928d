"""The services."""

__all__ = []
