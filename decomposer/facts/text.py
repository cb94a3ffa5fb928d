"""The facts of a file that is not Python: the names and paths in it that may mean a module of the package."""

from __future__ import annotations

import re

from decomposer.facts.python import count_lines
from decomposer.model.facts import TextFacts


def read_text(source: bytes, package: str) -> TextFacts:
    """Dotted names that begin with the package, and paths that lead through it, each with its first line."""
    lines = count_lines(source)
    name = re.escape(package.encode())
    if b"\0" in source or not re.search(rb"\b" + name + rb"\b", source):
        return TextFacts(lines)
    # The bounds are wider than paths are: without them a long line of `shop/shop/shop/` takes its length squared.
    pattern = re.compile(
        rb"(?<![\w./-])(?:"
        rb"(?:[\w.-]{1,255}/){0,40}" + name + rb"/[\w./-]{0,1000}\.py"
        rb"|" + name + rb"(?:\.[A-Za-z_]\w{0,255}){1,40}(?::[A-Za-z_]\w{0,255})?"
        rb"|" + name + rb":[A-Za-z_]\w{0,255})(?![\w/])"
    )  # fmt: skip
    tokens: dict[str, int] = {}
    line, at = 1, 0
    for match in pattern.finditer(source):
        line += source.count(b"\n", at, match.start())
        at = match.start()
        tokens.setdefault(match.group().decode("utf-8", "replace").rstrip("."), line)
    return TextFacts(lines, "", tuple(tokens.items()))
