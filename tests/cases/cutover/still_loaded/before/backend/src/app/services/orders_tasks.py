"""Tasks."""


def remind() -> None:
    """By mail."""
