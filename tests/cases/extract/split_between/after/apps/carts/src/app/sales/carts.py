"""Finds carts."""


def find(number: int) -> dict[str, int]:
    """The cart of that number."""
    return {"number": number}
