"""What a kind of rule is: how strongly it speaks, and which of a file's traits its patterns match."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct


class Traits(Struct, frozen=True):
    """What rules can know of one file: path below the package, module, tables, symbols, routes, words."""

    path: str
    module: str
    tables: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class RuleKind(Struct, frozen=True):
    """`precedence` is the default; `matches(patterns, traits)` tells what matched, "" when nothing did."""

    name: str
    precedence: int
    matches: Callable[[tuple[str, ...], Traits], str]
    description: str


@cache
def compile_glob(pattern: str) -> re.Pattern[str]:
    """A glob as an expression: `*` and `?` stay within one folder, `**` crosses them."""
    out: list[str] = []
    position = 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            out.append("(?:.*/)?")
            position += 3
        elif pattern.startswith("**", position):
            out.append(".*")
            position += 2
        else:
            char = pattern[position]
            out.append({"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)))
            position += 1
    return re.compile("".join(out))


def is_literal(pattern: str) -> bool:
    """Whether a glob stands for exactly one name."""
    return not any(char in pattern for char in "*?")


def first_match(patterns: tuple[str, ...], values: tuple[str, ...]) -> str:
    """The first value that a glob matches whole, "" when none does."""
    if not values:
        return ""
    for pattern, stem, literal in _prepared(patterns):
        for value in values:
            # Most globs are ruled out by how they begin, which costs a tenth of an expression.
            if value == pattern if literal else value.startswith(stem) and compile_glob(pattern).fullmatch(value):
                return value
    return ""


@cache
def _prepared(patterns: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """Each pattern with the text before its first wildcard, and whether it has none."""
    return tuple((pattern, re.split(r"[*?]", pattern, maxsplit=1)[0], is_literal(pattern)) for pattern in patterns)
