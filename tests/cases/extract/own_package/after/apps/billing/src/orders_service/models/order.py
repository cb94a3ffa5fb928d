# decompose: copy of apps/orders/src/orders_service/models/order.py, carried until a client replaces it: change it there
# sha256 91c07e67b2c63bc1510604210f5de5d252aebad712aa76f984f0a6c2e29f017c
"""An order."""


class Order:
    """A number and a sum."""

    def __init__(self, number: str, sum: int) -> None:
        self.number, self.sum = number, sum
