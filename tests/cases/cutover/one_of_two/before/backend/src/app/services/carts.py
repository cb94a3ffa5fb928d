"""Finds carts."""


def find(number: int) -> dict[str, int]:
    """The one of that number."""
    return {"number": number}
