"""The services, loaded when they are asked for."""

# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../../../../apps/carts/src/app/services",
    ]
]
# decompose: end

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .carts import find as find_cart

__all__ = ["find_cart"]

_MODULES = {
    "find_cart": ".carts",
}


def __getattr__(name: str) -> Any:
    """Loads what is asked for."""
    return import_module(_MODULES[name], __name__).find
