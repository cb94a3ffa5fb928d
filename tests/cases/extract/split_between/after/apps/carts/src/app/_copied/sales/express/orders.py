# decompose: copy of apps/orders/src/app/sales/express/orders.py, carried until a client replaces it: change it there
# sha256 b956715d95d5244a8d4c35a4fb9abfdd5f89bd5da47977ca74d1461909e495a8
"""Finds orders."""


def find(number: int) -> dict[str, int]:
    """The order of that number."""
    return {"number": number}
