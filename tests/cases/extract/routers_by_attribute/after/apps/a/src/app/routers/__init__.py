from .a import router as a

__all__ = []
