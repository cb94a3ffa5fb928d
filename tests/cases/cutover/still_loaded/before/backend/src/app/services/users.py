"""Users, with their orders."""

from importlib import import_module
from typing import TYPE_CHECKING

from .orders import find

if TYPE_CHECKING:
    from .orders_types import Order

try:
    from . import orders_cache
except ImportError:
    orders_cache = None


def orders_of(number: int) -> "list[Order]":
    """All."""
    from .orders_late import late

    return [find(number), late(), import_module("app.services.orders_named")]
