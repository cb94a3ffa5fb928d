"""From the future."""

from __future__ import annotations
