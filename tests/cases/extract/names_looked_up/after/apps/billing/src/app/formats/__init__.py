# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../_copied/formats",
    ]
]
# decompose: end

from .long import Long
from .short import Short

__all__ = ["Long", "Short"]
