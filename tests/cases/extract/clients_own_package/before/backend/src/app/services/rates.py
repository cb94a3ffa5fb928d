from collections.abc import Iterator


def rates(first: int) -> Iterator[int]:
    yield first
