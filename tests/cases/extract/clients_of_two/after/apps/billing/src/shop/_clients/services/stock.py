# Rendered by decompose; remove this line to keep the file as you edit it.
"""`shop.services.stock`, which is stock's: called over HTTP, by the same names."""

from datetime import date

from shop._clients.calling import Owner
from shop_core.contracts import services_stock as _contract
from shop_core.contracts.services_stock import Level

__all__ = ["level"]
_owner = Owner("stock", "STOCK_URL", "http://127.0.0.1:8000")


def level(name: str, on: date | None = None) -> Level:
    """What there is of something."""
    given = {"name": name, "on": on}
    return _owner.call(_contract.LEVEL, given)
