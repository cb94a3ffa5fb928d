"""The orders service."""

from shop.application import create

__all__ = ["create"]
