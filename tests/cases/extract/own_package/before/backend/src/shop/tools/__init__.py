"""Helpers: some here, some beside."""

from .dates import today

__all__ = ["shout", "today"]


def shout(text: str) -> str:
    """The same, louder."""
    return text.upper()
