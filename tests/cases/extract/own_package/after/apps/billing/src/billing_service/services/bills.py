"""What is due."""

import orders_service.stock.shelf


def due(number: str) -> int:
    """The sum of one order."""
    return len(number) + orders_service.stock.shelf.WEIGHT


def total(number: int) -> int:
    """The sum of all of them."""
    from orders_service.services.order_book import find

    return find(str(number)).sum
