"""The facts of a file that is not Python: the names and paths in it that may mean a module of the package."""

from __future__ import annotations

import re

from decomposer.facts.python import count_lines
from decomposer.model.facts import TextFacts


def word(*names: str) -> re.Pattern[bytes]:
    """What matches a name that is a word of its own; it begins with the name, which is found faster than `\\b`."""
    if len(names) > 1:
        return re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in names) + rb")\b")
    name = names[0]
    raw = re.escape(name.encode())
    if not (name.isascii() and name.isidentifier()):
        return re.compile(rb"\b" + raw + rb"\b")
    return re.compile(raw + rb"\b(?<!\w" + raw + rb")")


def read_text(source: bytes, *packages: str) -> TextFacts:
    """Dotted names that begin with one of the packages, and paths that lead through it, each with its first line."""
    lines = count_lines(source)
    mention = word(*packages)
    if b"\0" in source or not mention.search(source):
        return TextFacts(lines)
    name = b"|".join(re.escape(package.encode()) for package in packages)
    name = b"(?:" + name + b")" if len(packages) > 1 else name
    # The bounds are wider than paths are: without them a long line of `shop/shop/shop/` takes its length squared.
    pattern = re.compile(
        rb"(?<![\w./-])(?:"
        rb"(?:[\w.-]{1,255}/){0,40}" + name + rb"/[\w./-]{0,1000}\.py"
        rb"|" + name + rb"(?:\.[A-Za-z_]\w{0,255}){1,40}(?::[A-Za-z_]\w{0,255})?"
        rb"|" + name + rb":[A-Za-z_]\w{0,255})(?![\w/])"
    )  # fmt: skip
    tokens: dict[str, int] = {}
    line, counted, at = 1, 0, 0
    while found := mention.search(source, at):  # only lines with the name in them can hold one
        start, at = source.rfind(b"\n", 0, found.start()) + 1, source.find(b"\n", found.end())
        at = len(source) if at < 0 else at
        line, counted = line + source.count(b"\n", counted, start), start
        for match in pattern.finditer(source, start, at):
            tokens.setdefault(match.group().decode("utf-8", "replace").rstrip("."), line)
    return TextFacts(lines, "", tuple(tokens.items()))
