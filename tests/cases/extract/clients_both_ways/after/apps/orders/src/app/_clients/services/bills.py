# Rendered by decompose; remove this line to keep the file as you edit it.
"""`app.services.bills`, which is billing's: called over HTTP, by the same names."""

from app._clients.calling import Owner
from backend_core.contracts import services_bills as _contract
from sqlmodel import Session

__all__ = ["owed"]
_owner = Owner("billing", "BILLING_URL", "http://127.0.0.1:8000")


def owed(session: Session, who: str) -> int:
    given = {"who": who}
    return _owner.call(_contract.OWED, given)
