"""Finds orders."""


def find(number: int) -> dict[str, int]:
    """The order of that number."""
    return {"number": number}
