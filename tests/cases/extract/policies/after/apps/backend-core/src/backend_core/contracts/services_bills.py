# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing's `app.services.bills`."""

from backend_core.internal_calls import Answer, Asked, Operation

RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class TotalAsked(Asked):
    """What `total` is asked with."""

    passed = ()


class TotalAnswer(Answer):
    """What `total` returns."""

    value: int


TOTAL = Operation("billing", "services_bills/total", TotalAsked, TotalAnswer, RAISED)
