from .orders import place

__all__ = ["place"]
