from .b import router as b

__all__ = []
