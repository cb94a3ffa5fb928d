"""The orders service."""

from shop.__main__ import app

__all__ = ["app"]
