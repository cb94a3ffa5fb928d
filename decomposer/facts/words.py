"""Where words stand in the bytes of any file, whatever it is written in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

_WORD = re.compile(rb"[A-Za-z_]\w*")
_BEGINNING = re.compile(rb"(?<!\w)(\w{2,})(?=\{|%[sd]|[\"']\s*[+%]|[\"']\.format)")
_END = re.compile(rb"(?:\}|%[sd]|\+\s*[fFrR]?[\"'])(\w{2,})")
_BELOW = re.compile(rb"[.:]([A-Za-z_][A-Za-z0-9_]*)")
_ABOVE = re.compile(rb"([\w-]*)[./]\Z")


class Place(Struct, frozen=True):
    """Where a name stands: its line, and how it might be the name of a module.

    `above` is the word that a dot or a slash joins to it, None where there is none, `below` the one that a dot or a
    colon does; `is_file` says whether it has the ending of a file, `is_quoted` whether a quote is next to it.
    """

    name: str
    line: int
    above: str | None = None
    below: str = ""
    is_file: bool = False
    is_quoted: bool = False


class Affixes(Struct, frozen=True):
    """Strings of a file that names may be put together from: how such a name would begin, and how it would end."""

    beginnings: frozenset[str]
    ends: frozenset[str]


def words_in(source: bytes, names: Collection[bytes]) -> set[str]:
    """Which of the names stand in a file as words of their own."""
    return {word.decode() for word in set(_WORD.findall(source)).intersection(names)}


def places_of(source: bytes, names: Iterable[str]) -> Iterator[Place]:
    """Each place of the names in a file."""
    wanted = {name.encode(): name for name in names}
    line, at = 1, 0
    for found in _WORD.finditer(source):
        name, start = wanted.get(found.group()), found.start()
        if name is not None:
            line, at = line + source.count(b"\n", at, start), start
            above = _ABOVE.search(source, max(0, start - 80), start)
            below = _BELOW.match(source, found.end())
            quoted = source[max(0, start - 1) : start] + source[found.end() : found.end() + 1]
            yield Place(
                name, line, above[1].decode("utf-8", "replace") if above else None, below[1].decode() if below else "",
                below is not None and below[1] == b"py", any(quote in quoted for quote in (b'"', b"'", b"`")),
            )  # fmt: skip


def affixes_in(source: bytes) -> Affixes:
    """The affixes in a Python file, such as "handle_" of `f"handle_{kind}"`."""
    return Affixes(
        frozenset(found.decode("utf-8", "replace") for found in _BEGINNING.findall(source)),
        frozenset(found.decode("utf-8", "replace") for found in _END.findall(source)),
    )


def open_names(source: bytes, package: str) -> set[str]:
    """Packages, as dotted names, below which a file puts names together: `app.plugins` of `f"app.plugins.{name}"`."""
    name = re.escape(package.encode())
    pattern = re.compile(rb"\b(" + name + rb"(?:[./]\w+)*)([./])(?=[$%{]|[\"']\s*[+%])")
    found = {(match[1].replace(b"/", b".").decode(), match[2]) for match in pattern.finditer(source)}
    return {dotted for dotted, end in found if end == b"." or "." in dotted}  # `/app/$FILE` is some folder


def divisions(name: str) -> Iterator[tuple[str, str]]:
    """The ways in which a name may be put together: `handle_` and `job`, `handle` and `_job`; `Job` and `Handler`."""
    for at in range(1, len(name)):
        if "_" in (name[at - 1], name[at]) or (name[at].isupper() and not name[at - 1].isupper()):
            yield name[:at], name[at:]
