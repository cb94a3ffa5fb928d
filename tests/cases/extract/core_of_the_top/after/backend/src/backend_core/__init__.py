"""The shop."""

# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../../../apps/backend-core/src/backend_core",
    ]
]
# decompose: end

__version__ = "1.2"
