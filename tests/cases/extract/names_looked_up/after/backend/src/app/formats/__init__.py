from .long import Long
from .short import Short

__all__ = ["Long", "Short"]
