"""The orders service."""

from app.server import app

__all__ = ["app"]
