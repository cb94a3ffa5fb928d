"""What is due."""

import shop.stock.shelf


def due(number: str) -> int:
    """The sum of one order."""
    return len(number) + shop.stock.shelf.WEIGHT


def total(number: int) -> int:
    """The sum of all of them."""
    from .order_book import find

    return find(str(number)).sum
