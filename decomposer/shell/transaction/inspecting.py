"""What must hold before anything is written: where a change may write, and that nothing was touched meanwhile."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction.journal import Entry, Version
from decomposer.shell.transaction.store import HOME
from decomposer.shell.transaction.tree import EXECUTABLE, FILE, FOLDER, LINK, SPECIAL, Found, look, names_in, obstacle

_GIT = {".git", "git~1"}  # also as Windows shortens it


class Inspected(Struct, frozen=True):
    """A change as it will be made: its files with all permissions, and which folders come and go with theirs."""

    files: tuple[Entry, ...]
    made: dict[str, str]
    removed: dict[str, str]


def refuse_outside(paths: Iterable[str]) -> None:
    """Raises DecomposerError for paths that are not plainly inside the repository and its own files."""
    problems: list[Problem] = []
    for path in paths:
        names = path.split("/")
        if "\0" in path or not {"", ".", ".."}.isdisjoint(names):
            problems.append(Problem(path, 0, "outside", "is no plain path below the repository: nothing is written"))
        elif any(_plain(name) in _GIT for name in names):
            problems.append(Problem(path, 0, "outside", "belongs to git: nothing is written there"))
        elif _plain(names[0]) == HOME:
            problems.append(Problem(path, 0, "outside", f"belongs to {HOME}: nothing is written there"))
    if problems:
        raise DecomposerError(problems)


def is_done(found: Mapping[str, Found | None], files: Iterable[Entry]) -> bool:
    """Whether every file is already what it is to be."""
    return all(_fits(found[entry.path], entry.after) for entry in files)


def look_all(root: int, files: Iterable[Entry]) -> dict[str, Found | None]:
    """What lies at every path that changes; DecomposerError where that cannot be read."""
    found: dict[str, Found | None] = {}
    problems: list[Problem] = []
    for entry in files:
        for path in filter(None, (entry.path, entry.moved_from)):
            if path not in found:
                try:
                    found[path] = look(root, path)
                except OSError as error:
                    found[path] = None
                    problems.append(Problem(path, 0, "unreadable", f"cannot be read: {error.strerror}"))
    if problems:
        raise DecomposerError(problems)
    return found


def not_yet(root: int, files: Iterable[Entry]) -> tuple[Entry, ...]:
    """The files that are not yet what they are to be; DecomposerError where that cannot be read."""
    entries = tuple(files)
    found = look_all(root, entries)
    return tuple(entry for entry in entries
                 if obstacle(root, entry.path) is not None or not _fits(found[entry.path], entry.after))  # fmt: skip


def inspect(
    root: int, files: Sequence[Entry], found: dict[str, Found | None], since: str,
    made: Mapping[str, str], removable: Collection[str] | None = None,
) -> Inspected:  # fmt: skip
    """The change as it will be made, or DecomposerError with every reason why it cannot.

    `since` says what the files may not have been touched since. `made` has folders that come whether or not a
    file needs them, and permissions; only those in `removable` go when they become empty (None: all).
    """
    going = {entry.path for entry in files if entry.after is None}
    coming = [entry.path for entry in files if entry.after is not None]
    removed = _emptied(root, going, coming, removable)
    problems = [problem for entry in files if (problem := _trouble(root, entry, found[entry.path], going, removed,
                                                                   since))]  # fmt: skip
    needed = {folder for path in coming for folder in _above(path)}
    problems += [
        Problem(path, 0, "not-a-folder", "would have to be a file and a folder") for path in coming if path in needed
    ]
    problems += _same_names(root, coming, going, removed)
    if problems:
        raise DecomposerError(problems)
    return Inspected(
        tuple(_with_permissions(entry, found) for entry in files),
        {folder: made.get(folder, "") for folder in sorted({*needed, *made}) if not _is_folder(look(root, folder))},
        removed,
    )


def _trouble(
    root: int, entry: Entry, found: Found | None, going: Collection[str], removed: Collection[str], since: str
) -> Problem | None:
    """Why one file cannot be written, or is not what it was."""
    path, hint = entry.path, "nothing was written; run again to plan with what is there now"
    block = obstacle(root, path)
    if block is not None and (entry.before is not None or block[0] not in going):
        what = "the symbolic link" if block[1] else "what is a file, not a folder:"
        return Problem(path, 0, "not-a-folder", f"leads through {what} {block[0]}", hint)
    if found is not None and found.version.mode == SPECIAL:
        return Problem(path, 0, "special-file", "is neither a file nor a symbolic link", hint)
    if _is_folder(found):
        return (
            None if entry.before is None and path in removed else Problem(path, 0, "is-a-folder", "is a folder", hint)
        )
    if _fits(found, entry.before):
        return None
    if found is None:
        what = "is gone"
    elif entry.before is None:
        what = "has appeared"
    elif entry.before.sha256 != found.version.sha256 or LINK in (entry.before.mode, found.version.mode):
        what = "was edited"
    else:
        what = f"has another mode ({found.version.mode}, not {entry.before.mode})"
    return Problem(path, 0, "changed", f"{what} since {since}", hint)


def _fits(found: Found | None, wanted: Version | None) -> bool:
    """Whether a path is what it is to be; where no file is to be, a folder may."""
    if found is None or wanted is None:
        return wanted is None and (found is None or _is_folder(found))
    return found.version.sha256 == wanted.sha256 and wanted.mode in ("", found.version.mode)


def _is_folder(found: Found | None) -> bool:
    return found is not None and found.version.mode == FOLDER


def _with_permissions(entry: Entry, found: Mapping[str, Found | None]) -> Entry:
    """The entry with the permissions of both sides: those the file has, or had where it was moved from."""
    here = found[entry.path]
    before = here.version if here is not None and entry.before is not None else None
    after = entry.after
    origin = found[entry.moved_from] if entry.moved_from else here
    if after is None or after.permissions or after.mode == LINK:
        return replace(entry, before=before)  # nothing to find out: it goes, is told already, or is a link
    if origin is not None and origin.version.mode in (FILE, EXECUTABLE):
        after = replace(after, permissions=_adapted(origin.version, after.mode))
    return replace(entry, before=before, after=after)


def _adapted(known: Version, mode: str) -> str:
    """Permissions as they are, but for execution where git's mode changes: given to all who may read, or taken."""
    bits = int(known.permissions, 8)
    if mode != known.mode:
        bits = bits | (bits & 0o444) >> 2 if mode == EXECUTABLE else bits & ~0o111
    return f"{bits:04o}"


def _emptied(
    root: int, going: Collection[str], coming: Iterable[str], removable: Collection[str] | None
) -> dict[str, str]:
    """The folders in which nothing is left, and their permissions."""
    staying = {folder for path in coming for folder in _above(path)}
    candidates = {folder for path in going for folder in _above(path)} - staying
    removed: dict[str, str] = {}
    for folder in sorted(candidates, key=lambda folder: -folder.count("/")):
        names = names_in(root, folder)
        if names and all((path := f"{folder}/{name}") in going or path in removed for name in names):
            found = look(root, folder)
            if found is not None and (removable is None or folder in removable):
                removed[folder] = found.version.permissions
    return dict(sorted(removed.items()))


def _same_names(
    root: int, coming: Iterable[str], going: Collection[str], removed: Collection[str]
) -> Iterator[Problem]:
    """New names that some file systems cannot tell from others in their folder: by case, or as Unicode spells them."""
    listed: dict[str, tuple[set[str], dict[str, str]]] = {}
    for path in coming:
        for place in (*_above(path), path):
            folder, _, name = place.rpartition("/")
            if folder not in listed:
                prefix = f"{folder}/" if folder else ""
                there = [n for n in names_in(root, folder) if prefix + n not in going and prefix + n not in removed]
                listed[folder] = set(there), {_caseless(n): n for n in there}
            names, known = listed[folder]
            other = name if name in names else known.setdefault(_caseless(name), name)
            if other != name:
                beside = f"{folder}/{other}" if folder else other
                yield Problem(path, 0, "same-name", f"has, but for case or Unicode form, the name of {beside}, and "
                              "is the same file on some systems", "give one of them another name")  # fmt: skip
                break


def _above(path: str) -> list[str]:
    """The folders that a path lies in, the outermost first."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names))]


def _caseless(name: str) -> str:
    """What is equal for names that differ in case or Unicode form only (Unicode's canonical caseless matching)."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _plain(name: str) -> str:
    """A name as the most lenient file systems read it: no case, nothing invisible, no dots or spaces at the end."""
    name = name.partition(":")[0]
    if name.isascii():
        return name.lower().rstrip(". ") or name
    visible = "".join(char for char in name if unicodedata.category(char) != "Cf")
    return _caseless(visible).rstrip(". ") or visible
