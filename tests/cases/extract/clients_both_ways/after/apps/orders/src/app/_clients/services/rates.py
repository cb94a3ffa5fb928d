# Rendered by decompose; remove this line to keep the file as you edit it.
"""`app.services.rates`, which is billing's: called over HTTP, by the same names."""

from app._clients.calling import made
from backend_core.contracts import services_rates as _contract

__all__ = ["Rates"]


class Rates:
    """Rates of one kind."""

    def __init__(self, kind: str) -> None:
        given = {"kind": kind}
        self._made_with = made(_contract.RatesMade, given)
