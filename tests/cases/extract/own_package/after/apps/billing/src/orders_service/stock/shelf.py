# decompose: copy of apps/orders/src/orders_service/stock/shelf.py, carried until a client replaces it: change it there
# sha256 4772dcf48174be89156f50c08e5f0db1c070832fbe38d2a928629156426634fb
"""One shelf."""

WEIGHT = 2


def reserve(count: int) -> int:
    """How many are left."""
    return 10 - count
