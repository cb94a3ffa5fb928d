"""What a kind of rule is: how strongly it speaks, and which of a file's traits its patterns match."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct


class Traits(Struct, frozen=True):
    """What rules can know of one file: path below the package, module, tables, symbols, routes, words.

    `hands_on` says whether it is there for a name of the core's alone (see `decomposer.model.config.CORE_NAMES`).
    """

    path: str
    module: str
    tables: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    hands_on: bool = False


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
    for matches in _matchers(patterns):
        for value in values:
            if matches(value):
                return value
    return ""


def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a value is matched whole by a glob.

    The usual forms, `a/b.py`, `a/b_*.py` and `a/**`, are compared as text: compiling an expression for each of them
    would take longer than all the matching.
    """
    if is_literal(pattern):
        return pattern.__eq__
    head, _, tail = pattern.partition("*")
    if is_literal(head) and tail == "*" and head.endswith("/"):
        return lambda value: value.startswith(head)
    if is_literal(head) and is_literal(tail):
        shortest = len(head) + len(tail)
        return lambda value: (
            len(value) >= shortest
            and value.startswith(head)
            and value.endswith(tail)
            and "/" not in value[len(head) : len(value) - len(tail)]
        )
    expression = compile_glob(pattern)
    return lambda value: expression.fullmatch(value) is not None


@cache
def _matchers(patterns: tuple[str, ...]) -> tuple[Callable[[str], bool], ...]:
    return tuple(matcher(pattern) for pattern in patterns)
