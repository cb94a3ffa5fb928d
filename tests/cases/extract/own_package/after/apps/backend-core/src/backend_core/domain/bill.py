"""A bill."""


class Bill:
    """Nothing yet."""
