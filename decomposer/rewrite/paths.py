"""Paths of moved files and folders in configurations, scripts and documents."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from decomposer.model.problems import Problem
from decomposer.rewrite.own_file import MADE

_LONGEST_ROOT = 200
_BEFORE = re.compile(rb"[^\s\"'`,;:=()\[\]<>|]*\Z")
_ROOT = re.compile(rb"(?:\.\.?/)+|~?/(?!/).*|\$\w+/.*|[$%]?\{*[^/]*\}+/.*", re.DOTALL)
"""What may stand before a path from the repository's root: `./`, `../`, `/srv/`, `$ROOT/`, `${ROOT}/`, `{{ r }}/`."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place where a moved path is written, what stands before it in the same word, and whether it is all of it."""

    start: int
    end: int
    old: str
    before: str
    is_whole: bool


def rewrite_paths(source: bytes, moved: Mapping[str, str]) -> bytes:
    """The text with every full path (from the repository's root) of a moved file or folder replaced by its new one.

    A path is only replaced where it stands alone, or below an absolute or variable folder: `a/b.py` in `x/a/b.py`
    or `a/b.py.bak` is something else.
    """
    parts: list[bytes] = []
    at = 0
    for mention in _mentions(source, moved):
        if mention.is_whole:
            parts += [source[at : mention.start], os.fsencode(moved[mention.old])]
            at = mention.end
    return b"".join([*parts, source[at:]])


def other_mentions(
    path: str, source: bytes, tokens: tuple[tuple[str, int], ...], moved: Mapping[str, str]
) -> list[Problem]:
    """A warning for each mention of a moved file by a path of another kind, for a person to look at.

    `tokens` are the paths that the graph knows of in the text, with their lines.
    """
    found = {
        (source.count(b"\n", 0, mention.start) + 1, mention.before + mention.old): mention.old
        for mention in _mentions(source, moved)
        if not mention.is_whole
    }
    for token, line in tokens:
        if "/" in token:
            short = "/" + token.lstrip("./")
            old = next((old for old in moved if old.endswith(short)), None)
            if old is not None:
                found[line, token] = old
    return [
        Problem(path, line, "path-to-review", f"`{shown}` seems to mean {old}, which moves to {moved[old]}",
                severity="warning")
        for (line, shown), old in sorted(found.items())
    ]  # fmt: skip


def _mentions(source: bytes, moved: Mapping[str, str]) -> Iterator[_Mention]:
    """Every moved path in a text, unless it goes on to be another one: `a/b.pyi`, `a/b.py.bak`."""
    present = [old for old in moved if os.fsencode(old) in source]
    if not present:
        return
    made = [found.span() for found in MADE.finditer(source)]
    longest_first = b"|".join(re.escape(os.fsencode(old)) for old in sorted(present, reverse=True))
    for match in re.finditer(rb"(?:" + longest_first + rb")(?![\w-]|\.\w)", source):
        if any(start <= match.start() < end for start, end in made):
            continue
        old = os.fsdecode(match[0])
        word = _BEFORE.search(source, max(0, match.start() - _LONGEST_ROOT), match.start())
        before = word[0] if word else b""
        if before.endswith(b"/"):
            is_new_already = (before + match[0]).endswith(b"/" + os.fsencode(moved[old]))
            is_whole = _ROOT.fullmatch(before) is not None and not is_new_already
        elif re.search(rb"[\w.-]\Z", before):
            continue  # `xa/b.py`: the end of another word
        else:
            is_whole = True
        yield _Mention(match.start(), match.end(), old, os.fsdecode(before), is_whole)
