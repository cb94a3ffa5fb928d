# Rendered by decompose; remove this line to keep the file as you edit it.
"""`shop.services.stock`, which is stock's: called over HTTP, by the same names."""

from shop._clients.calling import Owner
from shop_core.contracts import services_stock as _contract

__all__ = ["take"]
_owner = Owner("stock", "STOCK_URL", "http://127.0.0.1:8000")


def take(name: str, count: int = 1) -> int:
    """Takes some of it, and says how much is left."""
    given = {"name": name, "count": count}
    return _owner.call(_contract.TAKE, given)
