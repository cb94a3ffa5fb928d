"""What holds whatever a module says: split and imported, it has the names that it had, and they do what they did."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decomposer.splitting.asked import Asked
from decomposer.splitting.module import Module
from decomposer.splitting.proposal import propose
from decomposer.splitting.rendering import render

NAMES = [f"name{number}" for number in range(8)]
HEAD = """import logging
import os.path
from collections import OrderedDict, deque as queue

logger = logging.getLogger(__name__)


class Register:
    def __init__(self):
        self.seen = []

    def add(self, function):
        self.seen.append(function.__name__)
        return function


register = Register()
"""
KINDS = ("value", "function", "class", "handler", "again", "logged", "main", "never", "either")
NUMBERS = itertools.count()
"""Every module has a package of its own: what was imported once stays imported."""


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A module of values, functions, classes, handlers that are registered, and names that functions give anew."""
    parts, bound = [HEAD], list[str]()
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=9)):
        later = draw(st.sampled_from(NAMES))
        earlier = draw(st.sampled_from(bound)) if bound else "register"
        kind = draw(st.sampled_from(KINDS))
        parts.append(_unit(kind, name, earlier, later))
        bound += [name] if kind not in ("main", "never") else []
    return "\n\n".join(parts)


def _unit(kind: str, name: str, earlier: str, later: str) -> str:
    """A unit that uses one name while it loads, and another one when it is called."""
    use = f"[deep(({later},), n - 1) if n else 0]"
    body = f"    try:\n        return ({name!r}, {use}) if n else 0\n    except NameError:\n        return {name!r}\n"
    match kind:
        case "value":
            return f"# the value {name}\n{name} = ({name!r}, str({earlier})[:0], OrderedDict(a=1))\n"
        case "function":
            return f"def {name}(n=3, of=type({earlier})):\n{body}"
        case "class":
            return f"class {name}:\n    kept = [str({earlier})[:0]]\n\n    def __call__(self, n=3):\n" + "\n".join(
                f"    {line}" for line in body.splitlines()) + "\n"  # fmt: skip
        case "handler":
            return f"@register.add\ndef {name}(n=3):\n{body}"
        case "again":
            count = f"{name}_count"
            body = f"    global {count}\n    {count} = globals().get('{count}', 0) + 1\n    return {count}\n"
            return f"def {name}(n=3):\n{body}"
        case "logged":
            return f"def {name}(n=3):\n    return logger.name, queue([os.path.sep, {later!r}])\n"
        case "never":
            return f"if not logger.name:\n    {name} = {earlier}\n"
        case "either":
            return f"if logger.name:\n    {name} = [str({earlier})[:0]]\nelse:\n    {name} = []\n"
    return f"if __name__ == '__main__':\n    {name} = {earlier}\n"


DEEP = """def deep(values, n):
    found = []
    for value in values:
        try:
            value = value() if isinstance(value, type) else value
            found.append(value(n) if callable(value) and n > 0 else type(value).__name__)
        except RecursionError:
            raise
        except Exception as error:
            found.append(type(error).__name__)
    return found
"""


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(source=sources(), into=st.integers(2, 5), first=st.integers(0, 5), walked=st.booleans())
def test_a_module_that_is_split_has_the_names_that_it_had(
    source: str, into: int, first: int, walked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each name is there and does what it did, whichever part is imported first; what is registered is in order.

    Where somebody goes through the module, the names are in order too, but for the logger, which each part has.
    """
    monkeypatch.syspath_prepend(str(tmp_path))
    source = source.replace("import logging\n", f"import logging\n{'from .deep import deep'}\n", 1)
    before = _imported(tmp_path, {"shop": source.encode()}, "shop")
    package = f"split{next(NUMBERS)}"
    module = Module(f"{package}.shop", f"{package}/shop.py", source.encode())
    asked = Asked(walked=("app/main.py", 1) if walked else None)
    proposal = propose(module, asked, 500, into, {"deep"})
    if proposal.split is None:
        return
    parts = {name.rpartition(".")[2]: text for name, text in render(module, proposal.split, asked).items()}
    after = _imported(tmp_path, parts, sorted(parts)[first % len(parts)], package)
    assert sorted(_public(before)) == sorted(_public(after))
    order = [[name for name in _public(found) if name != "logger"] for found in (before, after)]
    assert not walked or order[0] == order[1]
    assert _told(before) == _told(after)


def _imported(folder: Path, modules: dict[str, bytes], first: str, package: str = "") -> ModuleType:
    """The module `shop` of a package made of these, imported after the one that is to be first."""
    package = package or f"split{next(NUMBERS)}"
    (folder / package).mkdir()
    for name, text in {"__init__": b"", "deep": DEEP.encode(), **modules}.items():
        (folder / package / f"{name}.py").write_bytes(text)
    importlib.invalidate_caches()
    importlib.import_module(f"{package}.{first}")
    return importlib.import_module(f"{package}.shop")


def _public(module: ModuleType) -> Iterator[str]:
    imported = {"logging", "os", "OrderedDict", "queue", "deep"}
    names = {name.rpartition(".")[2] for name in sys.modules if name.startswith(f"{module.__package__}.")}
    yield from (name for name in vars(module) if not name.startswith("_") and name not in imported | names)


def _told(module: ModuleType) -> dict[str, Any]:
    """What every name is and says when it is called, and the order of what was registered."""
    found: dict[str, Any] = {"seen": module.register.seen}
    for name in sorted(_public(module)):
        value = getattr(module, name)
        made = value() if isinstance(value, type) and name != "Register" else value
        found[name] = [type(value).__name__, repr(made()) if callable(made) and name != "Register" else ""]
        found[name][1] = found[name][1].replace(f"{module.__package__}.", "")
    return found
