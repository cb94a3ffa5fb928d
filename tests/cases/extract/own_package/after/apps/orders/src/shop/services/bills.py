# decompose: copy of backend/src/shop/services/bills.py, carried until a client replaces it: change it there
# sha256 7a311806766c424200ec61c7ae30888f62b15ef8a450e07d355cdaa25bb95b21
"""What is due."""

import orders_service.stock.shelf


def due(number: str) -> int:
    """The sum of one order."""
    return len(number) + orders_service.stock.shelf.WEIGHT


def total(number: int) -> int:
    """The sum of all of them."""
    from orders_service.services.order_book import find

    return find(str(number)).sum
