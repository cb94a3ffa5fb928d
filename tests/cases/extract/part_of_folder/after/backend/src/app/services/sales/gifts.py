def give() -> None:
    """A gift."""
