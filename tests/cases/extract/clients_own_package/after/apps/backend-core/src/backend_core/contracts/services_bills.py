# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing's `billing.services.bills`."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from backend_core import values
from backend_core.errors import NotFound
from backend_core.internal_calls import Answer, Asked, Operation, Plain
from backend_core.values import Kind, Order

RATE = 2


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


RAISED: dict[str, type[Exception]] = {"NotFound": NotFound, "Unpaid": Unpaid}
"""The exceptions that come out as what they are, besides Python's own."""


class BillerMade(Asked):
    """What a `Biller` is made with."""

    rate: int
    passed = (("rate", "rate", "any"),)


class BillerKindsAsked(Asked):
    """What `Biller.kinds` is asked with."""

    passed = ()


class BillerKindsAnswer(Answer):
    """What `Biller.kinds` returns."""

    value: list[Kind]


BILLER_KINDS = Operation(
    "billing",
    "services_bills/Biller.kinds",
    BillerKindsAsked,
    BillerKindsAnswer,
    RAISED,
)


class BillerRatedAsked(Asked):
    """What `Biller.rated` is asked with."""

    made_with: BillerMade
    order: Order
    passed = (("order", "order", "any"),)


class BillerRatedAnswer(Answer):
    """What `Biller.rated` returns."""

    value: Decimal


BILLER_RATED = Operation(
    "billing",
    "services_bills/Biller.rated",
    BillerRatedAsked,
    BillerRatedAnswer,
    RAISED,
    is_repeatable=True,
)


class CounterAddAsked(Asked):
    """What `counter.add` is asked with."""

    amount: int
    passed = (("amount", "amount", "any"),)


class CounterAddAnswer(Answer):
    """What `counter.add` returns."""

    value: int


COUNTER_ADD = Operation(
    "billing", "services_bills/counter.add", CounterAddAsked, CounterAddAnswer, RAISED
)


class IssueAsked(Asked):
    """What `issue` is asked with."""

    customer: str
    order: Order
    due: dt.date
    silent_: bool = False
    passed = (
        ("customer", "customer", "position"),
        ("order", "order", "any"),
        ("due", "due", "any"),
        ("silent_", "_silent", "any"),
    )


class IssueAnswer(Answer):
    """What `issue` returns."""

    value: Bill


ISSUE = Operation("billing", "services_bills/issue", IssueAsked, IssueAnswer, RAISED)


class LabelsAsked(Asked):
    """What `labels` is asked with."""

    kinds: list[values.Kind] = []
    more: dict[str, Plain] = {}
    passed = (("kinds", "kinds", "*"), ("more", "more", "**"))


class LabelsAnswer(Answer):
    """What `labels` returns."""

    value: dict[str, Plain]


LABELS = Operation(
    "billing", "services_bills/labels", LabelsAsked, LabelsAnswer, RAISED
)


class TotalAsked(Asked):
    """What `total` is asked with."""

    order: Order
    rate: int = RATE
    rounded: bool = False
    passed = (
        ("order", "order", "any"),
        ("rate", "rate", "any"),
        ("rounded", "rounded", "keyword"),
    )


class TotalAnswer(Answer):
    """What `total` returns."""

    value: Decimal


TOTAL = Operation(
    "billing",
    "services_bills/total",
    TotalAsked,
    TotalAnswer,
    RAISED,
    is_repeatable=True,
)
