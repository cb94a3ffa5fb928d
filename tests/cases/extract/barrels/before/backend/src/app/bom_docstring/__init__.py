"""With a byte order mark."""

from .kept import VALUE
