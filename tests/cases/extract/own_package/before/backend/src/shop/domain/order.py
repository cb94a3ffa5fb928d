"""An order."""


class Order:
    """A number and a sum."""

    def __init__(self, number: str, sum: int) -> None:
        self.number, self.sum = number, sum
