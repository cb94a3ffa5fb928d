"""Where words stand in the bytes of any file, whatever it is written in."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator

from msgspec import Struct

_WORD = re.compile(rb"[A-Za-z_]\w*")
_BEGINNING = re.compile(rb"(?<!\w)(\w{2,})(?=\{|%[sd]|[\"']\s*[+%]|[\"']\.format)")
_END = re.compile(rb"(?:\}|%[sd]|\+\s*[fFrR]?[\"'])(\w{2,})")
_ABOVE = re.compile(rb"([\w-]*)[./]\Z")
_QUOTE = re.compile(rb"[\"'`]\Z")
_NAMED = re.compile(rb"\.py\b|[\"'`]|:[A-Za-z_]")


class Place(Struct, frozen=True):
    """Where a name stands: its line, and how it might be the name of a module.

    `above` is the word that a dot or a slash joins to it, None where there is none; `is_quoted` says whether it is
    quoted by itself or has the ending of a file.
    """

    name: str
    line: int
    above: str | None = None
    is_quoted: bool = False


class Affixes(Struct, frozen=True):
    """Strings of a file that names may be put together from: how such a name would begin, and how it would end."""

    beginnings: frozenset[str]
    ends: frozenset[str]


def words_in(source: bytes, names: Collection[bytes]) -> set[str]:
    """Which of the names stand in a file as words of their own."""
    return {word.decode() for word in set(_WORD.findall(source)).intersection(names)}


def places_of(source: bytes, names: Container[str]) -> Iterator[Place]:
    """Each place of the names in a file."""
    line, at = 1, 0
    for found in _WORD.finditer(source):
        name, start = found.group().decode(), found.start()
        if name in names:
            line, at = line + source.count(b"\n", at, start), start
            above = _ABOVE.search(source, max(0, start - 80), start)
            is_quoted = _NAMED.match(source, found.end()) is not None or (
                _QUOTE.search(source, max(0, start - 1), start) is not None)  # fmt: skip
            yield Place(name, line, above[1].decode("utf-8", "replace") if above else None, is_quoted)


def affixes_in(source: bytes) -> Affixes:
    """The affixes in a Python file, such as "handle_" of `f"handle_{kind}"`."""
    return Affixes(
        frozenset(found.decode("utf-8", "replace") for found in _BEGINNING.findall(source)),
        frozenset(found.decode("utf-8", "replace") for found in _END.findall(source)),
    )


def divisions(name: str) -> Iterator[tuple[str, str]]:
    """The ways in which a name may be put together: `handle_` and `job`, `handle` and `_job`; `Job` and `Handler`."""
    for at in range(1, len(name)):
        if "_" in (name[at - 1], name[at]) or (name[at].isupper() and not name[at - 1].isupper()):
            yield name[:at], name[at:]
