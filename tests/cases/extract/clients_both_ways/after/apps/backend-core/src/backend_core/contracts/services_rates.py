# Rendered by decompose; remove this line to keep the file as you edit it.
"""What other services call of billing's `app.services.rates`."""

from backend_core.internal_calls import Asked

RAISED: dict[str, type[Exception]] = {}
"""The exceptions that come out as what they are, besides Python's own."""


class RatesMade(Asked):
    """What a `Rates` is made with."""

    kind: str
    passed = (("kind", "kind", "any"),)
