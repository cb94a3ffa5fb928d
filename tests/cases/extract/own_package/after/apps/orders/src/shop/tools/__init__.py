"""Helpers: some here, some beside."""

__all__ = ["shout"]


def shout(text: str) -> str:
    """The same, louder."""
    return text.upper()
