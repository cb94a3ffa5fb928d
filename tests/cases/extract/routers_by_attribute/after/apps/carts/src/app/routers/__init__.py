from .carts import router as carts

__all__ = ["carts"]
