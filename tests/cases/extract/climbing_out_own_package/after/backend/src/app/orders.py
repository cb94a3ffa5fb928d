"""`app.orders` is `orders.orders` now: this alias hands over that very module."""

# decompose: alias of orders.orders, expires 2099-12-31

import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orders.orders  # noqa: F401

if TYPE_CHECKING:
    from orders.orders import *  # noqa: F403

_NAMES = {"app.orders": "orders.orders"}  # what is loaded below lies there


class _Alias(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Hands over the modules below the package as well, each the very module at its new place."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The way to a module below the old name."""
        if not fullname.startswith("app.orders."):
            return None
        if importlib.util.find_spec(self._new(fullname)) is None:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: types.ModuleType) -> None:
        """Puts the module at the new name in the place of the empty one."""
        name = module.__spec__.name if module.__spec__ else module.__name__
        sys.modules[name] = importlib.import_module(self._new(name))

    def get_source(self, fullname: str) -> str | None:
        """The source at the new name, for `python -m`."""
        found = importlib.util.find_spec(self._new(fullname))
        loader = found.loader if found else None
        return loader.get_source(self._new(fullname)) if isinstance(loader, importlib.abc.InspectLoader) else None

    def _new(self, fullname: str) -> str:
        return _NAMES["app.orders"] + fullname.removeprefix("app.orders")


sys.meta_path.insert(0, _Alias())
sys.modules[__name__] = sys.modules["orders.orders"]
