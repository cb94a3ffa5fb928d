"""What a kind of rule is: how strongly it speaks, and which of a file's traits its patterns match."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Traits:
    """What rules can know of one file: path below the package, module, tables, symbols, routes, words."""

    path: str
    module: str
    tables: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleKind:
    """`precedence` is the default; `matches(patterns, traits)` tells what matched, "" when nothing did."""

    name: str
    precedence: int
    matches: Callable[[tuple[str, ...], Traits], str]
    description: str


@lru_cache(maxsize=4096)
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
    for pattern in patterns:
        expression = compile_glob(pattern)
        for value in values:
            if expression.fullmatch(value):
                return value
    return ""
