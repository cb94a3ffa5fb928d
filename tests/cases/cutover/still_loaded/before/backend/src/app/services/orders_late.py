"""Late."""


def late() -> dict:
    """One."""
    return {}
