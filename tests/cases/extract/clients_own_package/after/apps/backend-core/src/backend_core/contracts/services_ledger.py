# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing's `billing.services.ledger`."""

from backend_core.internal_calls import Answer, Asked, Operation

RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class LedgerMade(Asked):
    """What a `Ledger` is made with."""

    passed = ()


class LedgerSizeAsked(Asked):
    """What `Ledger.size` is asked with."""

    made_with: LedgerMade
    passed = ()


class LedgerSizeAnswer(Answer):
    """What `Ledger.size` returns."""

    value: int


LEDGER_SIZE = Operation(
    "billing", "services_ledger/Ledger.size", LedgerSizeAsked, LedgerSizeAnswer, RAISED
)


class BookedAsked(Asked):
    """What `booked` is asked with."""

    name: str
    passed = (("name", "name", "any"),)


class BookedAnswer(Answer):
    """What `booked` returns."""

    value: int


BOOKED = Operation(
    "billing", "services_ledger/booked", BookedAsked, BookedAnswer, RAISED
)
