"""Newer than the oldest Python that runs us."""

type Name = str


def first[T](items: list[T]) -> T:
    """The first."""
    return items[0]
