"""Bills: what they come to."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import values
from ..errors import NotFound
from ..values import Kind, Order

RATE = 2
MOST = 10 * 10


class Unpaid(ValueError):
    """Somebody has to pay first."""

    def __init__(self, who: str, since: dt.date) -> None:
        super().__init__(f"{who} owes since {since}")
        self.since = since


@dataclass
class Bill:
    """What is to be paid, and until when."""

    total: Decimal
    due: dt.date
    kind: Kind = Kind.SMALL

    def late(self, on: dt.date) -> bool:
        return on > self.due


def total(order: Order, rate: int = RATE, *, rounded: bool = False) -> Decimal:
    """What an order comes to."""
    if not order.lines:
        raise NotFound("line in", "order")
    found = sum((line.price * line.count for line in order.lines), Decimal()) * rate
    return found.quantize(Decimal(1)) if rounded else found


async def issue(customer: str, /, order: Order, due: dt.date, _silent=False) -> Bill:
    if customer == "nobody":
        raise Unpaid(customer, due)
    return Bill(total(order), due, order.lines[0].kind)


def labels(*kinds: values.Kind, **more: Any) -> dict[str, Any]:
    return {"kinds": [kind.value for kind in kinds], **more}


def unused(callback) -> None:
    callback()


class Biller:
    """Bills at one rate."""

    def __init__(self, rate: int) -> None:
        self.rate = rate

    def rated(self, order: Order) -> Decimal:
        """What an order comes to at this rate."""
        return total(order, self.rate)

    @staticmethod
    def kinds() -> list[Kind]:
        return list(Kind)


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def add(self, amount: int) -> int:
        """Count on, and tell."""
        self.count += amount
        return self.count


counter = _Counter()
