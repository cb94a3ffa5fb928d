"""What stands at a moved module's old path: a module that hands over the moved one, and says when it may go."""

from __future__ import annotations

import re

from decomposer.model.moves import ALIAS, ModuleMove

_TARGET = re.compile(re.escape(ALIAS.encode()) + rb"([\w.]+), expires (\d{4}-\d\d-\d\d)")
_HEAD = '''"""`{old}` is `{new}` now: this alias hands over that very module."""

{alias}{new}, expires {expires}
'''.replace("{alias}", ALIAS)
_MODULE = '''
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from {new} import *  # noqa: F403
'''
_HAND_OVER = '''
import {new}  # noqa: F401

sys.modules[__name__] = sys.modules["{new}"]
'''
_MEANWHILE = '''
import sys

if __name__ != "__main__":
    del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself
'''
_RUN = '''
if __name__ == "__main__":
    import runpy

    runpy.run_module("{new}", run_name="__main__", alter_sys=True)
else:
    import {new}  # noqa: F401

    sys.modules[__name__] = sys.modules["{new}"]
'''
_PACKAGE = '''
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING

import {new}  # noqa: F401

if TYPE_CHECKING:
    from {new} import *  # noqa: F403

_NAMES = {"{old}": "{new}"}  # what is loaded below lies there


class _Alias(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Hands over the modules below the package as well, each the very module at its new place."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The way to a module below the old name."""
        if not fullname.startswith("{old}."):
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
        return _NAMES["{old}"] + fullname.removeprefix("{old}")


'''
_INSTALL = '''sys.meta_path.insert(0, _Alias())
sys.modules[__name__] = sys.modules["{new}"]
'''
_INSTALL_AND_RUN = '''if __name__ == "__main__":
    import runpy

    runpy.run_module("{new}", run_name="__main__", alter_sys=True)
else:
    sys.meta_path.insert(0, _Alias())
    sys.modules[__name__] = sys.modules["{new}"]
'''


def alias_module(move: ModuleMove, expires: str, runs: bool, asked: bool = False) -> bytes:
    """The source of an alias.

    `expires` is a date (ISO 8601), `runs` says whether `python -m` does something, `asked` whether what the module
    loads may ask for it by its old name.
    """
    meanwhile = _MEANWHILE if asked else ""
    if move.is_package:
        text = _HEAD + meanwhile + _PACKAGE + (_INSTALL_AND_RUN if runs else _INSTALL)
    else:
        text = _HEAD + meanwhile + _MODULE + (_RUN if runs else _HAND_OVER)
    return text.replace("{old}", move.old).replace("{new}", move.new).replace("{expires}", expires).encode()


def alias_target(source: bytes) -> str:
    """The dotted name that an alias hands over, "" for what is none."""
    found = _TARGET.search(source)
    return found[1].decode() if found else ""


def alias_expiry(source: bytes) -> str:
    """The day from which an alias may go (ISO 8601), "" for what is none."""
    found = _TARGET.search(source)
    return found[2].decode() if found else ""


def alias_path(move: ModuleMove) -> str:
    """Where the alias stands: at the module's old path; of a package, in a file of its name."""
    return f"{move.old_path}.py" if move.is_package else move.old_path
