# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing's `app.services.bills`."""

from backend_core.internal_calls import Answer, Asked, Operation

RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class OwedAsked(Asked):
    """What `owed` is asked with."""

    who: str
    passed = (("who", "who", "any"),)


class OwedAnswer(Answer):
    """What `owed` returns."""

    value: int


OWED = Operation("billing", "services_bills/owed", OwedAsked, OwedAnswer, RAISED)
