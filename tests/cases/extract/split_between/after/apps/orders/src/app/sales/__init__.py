"""Sales."""

# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../_copied/sales",
    ]
]
# decompose: end

from .carts import find as find_cart
from .express.orders import find as find_order

__all__ = ["find_cart", "find_order"]
