# Rendered by decompose; remove this line to keep the file as you edit it.
"""`app.services.bills`, which is billing's: called over HTTP, by the same names."""

import datetime as dt
from decimal import Decimal
from typing import Any

from backend_core import values
from backend_core.contracts import services_bills as _contract
from backend_core.contracts.services_bills import RATE, Bill, Unpaid
from backend_core.values import Kind, Order
from orders._clients.calling import Owner, made

__all__ = ["RATE", "Bill", "Biller", "Unpaid", "counter", "issue", "labels", "total"]
_owner = Owner("billing", "BILLING_URL", "http://127.0.0.1:8000")


async def issue(
    customer: str, /, order: Order, due: dt.date, _silent: bool = False
) -> Bill:
    given = {"customer": customer, "order": order, "due": due, "silent_": _silent}
    return await _owner.call_async(_contract.ISSUE, given)


def labels(*kinds: values.Kind, **more: Any) -> dict[str, Any]:
    given = {"kinds": list(kinds), "more": dict(more)}
    return _owner.call(_contract.LABELS, given)


def total(order: Order, rate: int = RATE, *, rounded: bool = False) -> Decimal:
    """What an order comes to."""
    given = {"order": order, "rate": rate, "rounded": rounded}
    return _owner.call(_contract.TOTAL, given)


class Biller:
    """Bills at one rate."""

    def __init__(self, rate: int) -> None:
        given = {"rate": rate}
        self._made_with = made(_contract.BillerMade, given)

    @staticmethod
    def kinds() -> list[Kind]:
        given = {}
        return _owner.call(_contract.BILLER_KINDS, given)

    def rated(self, order: Order) -> Decimal:
        """What an order comes to at this rate."""
        given = {"made_with": self._made_with, "order": order}
        return _owner.call(_contract.BILLER_RATED, given)


class _Counter:
    """`counter` of the owner."""

    def add(self, amount: int) -> int:
        """Count on, and tell."""
        given = {"amount": amount}
        return _owner.call(_contract.COUNTER_ADD, given)


counter = _Counter()
