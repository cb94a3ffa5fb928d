# Rendered by decompose; remove this line to keep the file as you edit it.
"""`app.services.orders`, which is orders's: called over HTTP, by the same names."""

from app._clients.calling import Owner
from backend_core.contracts import services_orders as _contract

__all__ = ["open_orders"]
_owner = Owner("orders", "ORDERS_URL", "http://127.0.0.1:8000")


def open_orders(who: str) -> list[str]:
    given = {"who": who}
    return _owner.call(_contract.OPEN_ORDERS, given)
