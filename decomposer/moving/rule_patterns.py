"""Patterns of rule files that match a module which moves: the exact ones follow it, of the others it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from decomposer.model.problems import Problem
from decomposer.rules.kind import is_literal, matcher

_LIST = re.compile(
    rb"^[ \t]*(?P<key>paths|follows|shared|modules)[ \t]*=[ \t]*\[(?P<items>.*?)\]", re.DOTALL | re.MULTILINE
)
_ITEM = re.compile(rb"#[^\r\n]*|(?P<quote>[\"'])(?P<pattern>[^\"'\r\n]*)(?P=quote)")


def respell_rules(
    path: str, source: bytes, root: str, moved: Mapping[str, str], folders: Mapping[str, str], problems: list[Problem]
) -> bytes:
    """A rule file with the exact names of what moves respelled; patterns that would lose a file are told.

    `root` is the folder of the package that the patterns are below, `moved` the files that move and `folders` the
    folders of packages, by the paths that they have.
    """
    edits: list[tuple[int, int, str]] = []
    for found in _LIST.finditer(source):
        is_module = found["key"] == b"modules"
        below = {_below(old, root, is_module): _below(new, root, is_module) for old, new in moved.items()}
        below.pop("", None)
        within = {_below(old, root, is_module): _below(new, root, is_module) for old, new in folders.items()}
        within.pop("", None)
        for item in _ITEM.finditer(source, *found.span("items")):
            pattern = (item["pattern"] or b"").decode("utf-8", "replace")
            told = _respelled(pattern, below, within, "." if is_module else "/")
            if told:
                edits.append((*item.span("pattern"), told))
                continue
            line = source.count(b"\n", 0, item.start()) + 1
            problems += _lost(path, line, pattern, below)
    for start, end, told in reversed(edits):
        source = source[:start] + told.encode() + source[end:]
    return source


def _respelled(pattern: str, below: Mapping[str, str], within: Mapping[str, str], separator: str) -> str:
    """What an exact pattern, or one that begins with a folder that moves, is afterwards; "" where it stays."""
    if not pattern:
        return ""
    if is_literal(pattern) and pattern in below:
        return below[pattern]
    for old, new in within.items():
        if pattern == old or pattern.startswith(old + separator):
            return new + pattern[len(old) :] if new else ""
    return ""


def _lost(path: str, line: int, pattern: str, below: Mapping[str, str]) -> Iterator[Problem]:
    """A pattern that matches a file now and not any more when it has moved."""
    matches = matcher(pattern)
    lost = [old for old, new in below.items() if matches(old) and not matches(new)] if pattern else []
    if lost:
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        there = f", {below[lost[0]]}" if below[lost[0]] else ""
        message = f"`{pattern}` matches {lost[0]}{more}, but not where it moves to{there}"
        yield Problem(path, line, "rule-to-review", message, "see whose it is then: decompose explain", "warning")


def _below(path: str, root: str, is_module: bool) -> str:
    """A path, or the dotted name of its module, below the package; "" outside of it."""
    if not path.startswith(root + "/") or (is_module and path.endswith("/__init__.py")):
        return ""
    below = path[len(root) + 1 :]
    return below.removesuffix(".py").replace("/", ".") if is_module else below
