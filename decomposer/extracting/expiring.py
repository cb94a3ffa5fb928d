"""The aliases of a repository, each with the day from which it may go."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from decomposer.extracting.tree import Tree
from decomposer.rewrite.alias import alias_expiry, alias_target

_LONGEST = 100
"""No alias has that many lines: longer modules are not looked at."""


class Alias(Struct, frozen=True):
    """An alias: its path and name, the module that it hands over, and the day from which it may go."""

    path: str
    name: str
    target: str
    expires: datetime.date


def aliases(tree: Tree) -> Iterator[Alias]:
    """All aliases that say when they may go, in order of path."""
    for path, name in sorted(tree.code.modules.name_of.items()):
        source = tree.read(path) or b"" if tree.python[path].lines < _LONGEST else b""
        expires = alias_expiry(source)
        if expires:
            yield Alias(path, name, alias_target(source), datetime.date.fromisoformat(expires))
