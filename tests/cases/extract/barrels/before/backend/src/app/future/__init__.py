"""From the future."""

from __future__ import annotations

from .kept import VALUE
