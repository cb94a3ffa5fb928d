"""Files that modules read from the folder they lie in: what has to go along when a module goes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable

Read = Callable[[str], bytes | None]

_LIMIT = 500
"""So many files of one folder may go along; a folder with more of them is something else than what a module reads."""
_CLIMBS = re.compile(rb"\.parent\b|\bdirname\(|\.parents\[\s*0\s*\]")
_PARENTS = re.compile(rb"\.parents\[\s*([1-9]\d?)")
_UPS = re.compile(rb"\bpardir\b|(?<=[\"'/])\.\.(?=[\"'/])|\.parents\[\s*[1-9]")
_CLIMBS_FAR = re.compile(rb"\.parents\[\s*[1-9]|\bpardir\b|[\"'/]\.\.[\"'/]")


def reads_beside(source: bytes) -> bool:
    """Whether a module finds its folder by `__file__`, and nothing but its folder: it goes up no further."""
    count = source.count(b"__file__")
    return bool(count) and not _CLIMBS_FAR.search(source) and len(_CLIMBS.findall(source)) == count


def reads_what_stays(
    old: str, source: bytes, moved: Collection[str], whole: Iterable[str], files: Iterable[str]
) -> bool:  # fmt: skip
    """Whether a module that leaves would look for files by `__file__` where they do not go with it.

    `moved` are the paths that go, `whole` the folders of which everything does; `files` are those below the package.
    In a folder that goes whole it may go up, but not out of it.
    """
    if b"__file__" not in source or not (_CLIMBS.search(source) or _CLIMBS_FAR.search(source)):
        return False
    inside = [folder for folder in whole if old.startswith(f"{folder}/")]
    if inside:
        return all(climbs_out_of(folder, old, source) for folder in inside)
    return not reads_beside(source) or any(file not in moved for file in files_beside(old, lambda _: source, files))


def climbs_out_of(folder: str, path: str, source: bytes) -> bool:
    """Whether a module below a folder goes up further than to that folder, from its own file."""
    return _climbs(source) > path.count("/", len(folder))


def _climbs(source: bytes) -> int:
    """How many folders a module goes up from its own file, the file's folder among them, as far as its lines tell."""
    lines, most = source.splitlines(), 0
    for number, line in enumerate(lines):
        after = number + 1
        while b"__file__" in line and line.count(b"(") > line.count(b")") and after < min(number + 6, len(lines)):
            line, after = line + lines[after], after + 1
        if b"__file__" in line:
            far = sum(int(found) for found in _PARENTS.findall(line))
            most = max(most, len(_CLIMBS.findall(line)) + len(_UPS.findall(line)) + far)
    return most


def files_beside(path: str, read: Read, files: Iterable[str]) -> list[str]:
    """The data files in a module's folder, and in folders below it that hold no module, if it reads any there."""
    source = read(path)
    if source is None or not reads_beside(source):
        return []
    folder = posixpath.dirname(path) + "/"
    inside = [file for file in files if file.startswith(folder)]
    packages = {file[len(folder) :].partition("/")[0] for file in inside if file.endswith((".py", ".pyi"))}
    found = [file for file in inside if file[len(folder) :].partition("/")[0] not in packages
             and not file.endswith((".py", ".pyi"))]  # fmt: skip
    return found if len(found) <= _LIMIT else []


def going_along(
    moves: Iterable[tuple[str, str]], read: Read, files: Collection[str]
) -> tuple[dict[str, str], frozenset[str]]:
    """Data files with where they go beside modules that leave (old and new path), and the modules they are read by.

    Nothing goes from a folder where another module that stays may read it too.
    """
    leaving = dict(moves)
    found: dict[str, str] = {}
    readers: set[str] = set()
    for old, new in sorted(leaving.items()):
        here, there = posixpath.dirname(old), posixpath.dirname(new)
        if not old.endswith(".py") or here == there:
            continue
        others = [f for f in files if posixpath.dirname(f) == here and f.endswith(".py") and f not in leaving]
        if any(b"__file__" in (read(other) or b"") for other in others):
            continue
        data = files_beside(old, read, files)
        if data and all(found.get(file, there + file[len(here) :]) == there + file[len(here) :] for file in data):
            found |= {file: there + file[len(here) :] for file in data}
            readers.add(old)
    return {old: new for old, new in found.items() if old not in leaving}, frozenset(readers)


def carried_along(path: str, copy: str, read: Read, below: Callable[[str], Iterable[str]]) -> dict[str, str]:
    """The data files of a module of which a copy, or a part, is carried, with where their copies go."""
    if not reads_beside(read(path) or b""):
        return {}
    here, there = posixpath.dirname(path), posixpath.dirname(copy)
    return {file: there + file[len(here) :] for file in files_beside(path, read, below(here))}
