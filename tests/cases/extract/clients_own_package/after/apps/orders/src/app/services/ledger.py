# Rendered by decompose; remove this line to keep the file as you edit it.
"""`app.services.ledger`, which is billing's: called over HTTP, by the same names."""

from backend_core.contracts import services_ledger as _contract
from orders._clients.calling import Owner, made
from sqlmodel import Session

__all__ = ["Ledger", "booked"]
_owner = Owner("billing", "BILLING_URL", "http://127.0.0.1:8000")


def booked(session: Session, name: str) -> int:
    given = {"name": name}
    return _owner.call(_contract.BOOKED, given)


class Ledger:
    """`Ledger` of the owner."""

    def __init__(self, session: Session) -> None:
        given = {}
        self._made_with = made(_contract.LedgerMade, given)

    def size(self) -> int:
        given = {"made_with": self._made_with}
        return _owner.call(_contract.LEDGER_SIZE, given)
