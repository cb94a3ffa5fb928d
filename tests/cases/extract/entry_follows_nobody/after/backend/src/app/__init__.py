# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../../../apps/bills/src/app",
        "../../../apps/orders/src/app",
    ]
]
# decompose: end
