from __future__ import annotations  # first of all
from .kept import VALUE
