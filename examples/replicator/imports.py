"""Import statements in the blueprint's form, order and place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from .blueprint import Import
from .bodies import WIDE, indented

OPEN = 3  # with more names a statement goes over several lines where there is room


def statement(item: Import, *, tall: bool) -> list[str]:
    """The statement, one name per line where it is long and `tall` allows it."""
    if not (tall and item.source and (len(item.names) > OPEN or len(item.text) > WIDE)):
        return [item.text]
    head, listed = item.text.split(" import ")
    return [f"{head} import (", *(f"    {name}," for name in listed.split(", ")), ")"]


def binds(items: Sequence[Import]) -> list[str]:
    """The names that the statements bind, each once."""
    return list(dict.fromkeys(local for item in items for _, local in item.names))


def attempt(items: Sequence[Import], *, tall: bool) -> list[str]:
    """`try: import`; the fallback is the later import of the same names, tried in its turn, and then None."""
    rebinds = (
        number for number in range(len(items)) if set(binds(items[:number])) & set(binds([items[number]]))
    )
    split = next(rebinds, len(items))
    if split < len(items):
        while not items[split - 1].source:  # what only prepares the second attempt belongs to it
            split -= 1
        fallback = attempt(items[split:], tall=tall)
    else:
        fallback = [f"{name} = None" for name in binds(items)]
    tried = [line for item in items[:split] for line in statement(item, tall=tall)]
    return ["try:", *indented(tried), "except ImportError:", *indented(fallback)]


def import_lines(items: Sequence[Import], *, tall: bool) -> list[str]:
    """All imports of a module's top in order; neighbours that were tried share one `try`."""
    out: list[str] = []
    for place, group in groupby(items, key=lambda item: item.place):
        if place == "try":
            out += attempt(list(group), tall=tall)
        elif place == "top":
            out += [line for item in group for line in statement(item, tall=tall)]
    return out
