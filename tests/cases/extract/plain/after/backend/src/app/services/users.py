"""Users."""


def everybody() -> list[str]:
    """All of them."""
    return ["ann"]
