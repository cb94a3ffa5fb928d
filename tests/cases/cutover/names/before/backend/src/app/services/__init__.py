"""The services, loaded when they are asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .carts import find as find_cart
    from .orders import find as find_order

__all__ = ["find_cart", "find_order"]

_MODULES = {
    "find_cart": ".carts",
    "find_order": ".orders",
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for."""
    return import_module(_MODULES[name], __name__).find
