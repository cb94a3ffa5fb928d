"""The orders service, which lies in apps/orders: as long as it is not installed, it is found there."""

# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../../../apps/orders/src/orders",
    ]
]
# decompose: end
