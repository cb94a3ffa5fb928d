# decompose: modules of this package that live in services of their own
from os.path import realpath as _realpath

__path__ += [
    _realpath(f"{__path__[0]}/{folder}")
    for folder in [
        "../../../apps/a/src/app/routers",
        "../../../apps/b/src/app/routers",
        "../../../apps/carts/src/app/routers",
        "../../../apps/orders/src/app/routers",
        "../../../apps/pets/src/app/routers",
        "../../../apps/users/src/app/routers",
    ]
]
# decompose: end

from . import users
from .carts import router as carts
from .a import router as a
from .b import router as b

__all__ = ["carts", "users"]
