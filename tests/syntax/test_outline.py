"""What outlines say of names, against Python's own tokens: no identifier may be missed, for it would be called dead."""

from __future__ import annotations

import io
import keyword
import tokenize
from pathlib import Path

import pytest

from decomposer.syntax.outline import read_outline
from tests.conftest import EXAMPLE, ROOT

FILES = [*sorted((ROOT / "decomposer").rglob("*.py"))[::24], *sorted(EXAMPLE.rglob("*.py"))[::12]]


class Everything:
    """All names."""

    def __contains__(self, name: object) -> bool:
        return True


def names(source: bytes) -> set[str]:
    """The names among the tokens of a file."""
    tokens = tokenize.tokenize(io.BytesIO(source).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME and not keyword.iskeyword(token.string)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_name_is_missed(path: Path) -> None:
    """Each name of a file is used, defined or handed on; `match` and the like are not names everywhere."""
    source = path.read_bytes()
    outline = read_outline(source, Everything())
    found = {name for name, _ in outline.uses | outline.silent}
    assert set() == names(source) - found - {"match", "case", "type", "_"}


def test_uses_are_told_from_what_only_hands_on() -> None:
    """An import, an entry of `__all__` and a definition are no uses; an attribute, a keyword and an alias are."""
    source = b"""
from .jobs import run, stop as halt
from . import people as people

__all__ = ["run", "go"]


def go(task):
    people.greet(task=halt)
"""
    outline = read_outline(source, Everything())
    assert {"run", "jobs", "go"} == {name for name, _ in outline.silent if name} - {name for name, _ in outline.uses}
    assert {"stop", "halt", "people", "greet", "task", "__all__"} == {name for name, _ in outline.uses}


@pytest.mark.parametrize("source, expected", [
    (b"import shop\nvars(shop)\n", {"vars"}),
    (b"vars(row)\n", set()),
    (b"row.__dict__\n", set()),
    (b"import sys\nsys.modules[__name__].__dict__\n", {"__dict__"}),
    (b"globals()['a']\n", {"globals"}),
    (b"session.exec(1)\n", set()),
    (b"Base.__subclasses__()\n", {"__subclasses__"}),
    (b"import inspect, shop\ninspect.getmembers(shop)\n", {"getmembers"}),
    (b"import pkgutil\nfor m in pkgutil.iter_modules(p): pass\n", {"iter_modules"}),
])  # fmt: skip
def test_means_to_look_names_up(source: bytes, expected: set[str]) -> None:
    """Those that ask a module or a scope, not those that ask any object."""
    assert expected == read_outline(source, ()).looks_up


def test_documentation_is_no_string() -> None:
    """Docstrings and strings that stand alone are for people; every other string may name something."""
    source = b'"""run"""\n\nA = "run"\n\n\ndef go():\n    """run"""\n    "run"\n    return f"{A} run"\n'
    assert {3, 9} == read_outline(source, ()).quoted
