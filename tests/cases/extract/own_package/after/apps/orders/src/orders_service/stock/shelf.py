"""One shelf."""

WEIGHT = 2


def reserve(count: int) -> int:
    """How many are left."""
    return 10 - count
