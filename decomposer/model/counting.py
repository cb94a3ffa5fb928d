"""Figures with what they count."""

from __future__ import annotations


def counted(count: int, what: str) -> str:
    """A figure and what it counts, `1 file` or `1,234 files`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
