"""An nginx configuration as its directives, each with its place in the text, so that it can be edited as it stands.

There is a parser for this on PyPI (crossplane): it reads files from the disk alone, and tells lines but no places in
them, so that nothing can be put in without writing the whole anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<end>;)|(?P<open>\{)|(?P<close>\})"""
    r"""|(?P<word>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:\$\{|\\.|[^\s;{}"'])(?:\$\{\w+\}|\\.|[^\s;{])*)""",
    re.DOTALL | re.VERBOSE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive: its name, its words without quotes, and what is in its block, None where it has none.

    `line` counts from 1; `start` is where it begins in the text and `inside` where its block does, after the brace.
    `text` is how it is written, of one without a block.
    """

    name: str
    words: tuple[str, ...]
    line: int
    start: int
    text: str
    inside: int = 0
    block: tuple[Directive, ...] | None = None

    def all(self, name: str) -> list[Directive]:
        """The directives of that name in its block."""
        return [one for one in self.block or () if one.name == name]

    def first(self, name: str) -> str:
        """The first word of the first directive of that name in its block, "" where there is none."""
        return next((one.words[0] for one in self.all(name) if one.words), "")


def parse(text: str) -> tuple[Directive, ...]:
    """The directives of a configuration.

    Raises ValueError for what is none.
    """
    tokens = _tokens(text)
    found = tuple(_directives(tokens, text, 0))
    return found


def walk(directives: tuple[Directive, ...]) -> Iterator[Directive]:
    """All directives, those in blocks too."""
    for one in directives:
        yield one
        yield from walk(one.block or ())


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Kinds, starts and ends of everything that is neither space nor comment."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None or found.end() == position:
            raise ValueError(f"line {text.count(chr(10), 0, position) + 1}: not understood")
        position = found.end()
        if found.lastgroup not in ("space", "comment"):
            yield str(found.lastgroup), found.start(), found.end()


def _directives(tokens: Iterator[tuple[str, int, int]], text: str, depth: int) -> Iterator[Directive]:
    words: list[tuple[int, int]] = []
    for kind, start, end in tokens:
        if kind == "word":
            words.append((start, end))
            continue
        if kind == "close":
            if words or not depth:
                raise ValueError(f"line {text.count(chr(10), 0, start) + 1}: a brace too many")
            return
        if not words:
            if kind == "end":
                continue
            raise ValueError(f"line {text.count(chr(10), 0, start) + 1}: a block without a name")
        name, *rest = (_plain(text[a:b]) for a, b in words)
        first = words[0][0]
        line = text.count("\n", 0, first) + 1
        block = tuple(_directives(tokens, text, depth + 1)) if kind == "open" else None
        yield Directive(name, tuple(rest), line, first, text[first:end], end if block is not None else 0, block)
        words = []
    if words or depth:
        raise ValueError("it ends in the middle of a directive")


def _plain(word: str) -> str:
    return word[1:-1] if word[:1] in "\"'" and word[-1:] == word[:1] and len(word) > 1 else word
