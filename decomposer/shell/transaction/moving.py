"""Putting a change in its place, and taking it back: renames, and the folders they need."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import calls
from decomposer.shell.transaction.inspecting import refuse_outside
from decomposer.shell.transaction.journal import Entry, Journal
from decomposer.shell.transaction.store import BEFORE, HOME, UNFINISHED, Work, make_folder
from decomposer.shell.transaction.tree import (
    EXECUTABLE,
    FOLDER,
    LINK,
    Found,
    look,
    opened,
    parent,
    stamp,
    state,
    telling,
    write_all,
)

_STAYS = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT, errno.ENOTDIR)
"""Why a folder that is to go is not there, or has something in it that is not ours."""


def stage(work: Work, files: Iterable[Entry], contents: Mapping[str, bytes], found: Mapping[str, Found | None]) -> None:
    """Writes every file that is to come to `staged/`, as it shall be to the last permission."""
    for entry in files:
        if entry.after is None:
            continue
        with telling(entry.path):
            if entry.after.mode == LINK:
                calls.make_link(contents[entry.path], work.staged, entry.name)
            else:
                _stage_file(work, entry, contents[entry.path], found[entry.moved_from or entry.path])


def _stage_file(work: Work, entry: Entry, content: bytes, origin: Found | None) -> None:
    """Writes one file; it belongs to whom the file belongs that it comes from, where we may give it away."""
    known = entry.after.permissions if entry.after is not None else ""
    usual = 0o777 if entry.after is not None and entry.after.mode == EXECUTABLE else 0o666
    file = calls.make_file(work.staged, entry.name, 0o600 if known else usual)
    try:
        write_all(file, content)
        status = os.fstat(file)
        if origin is not None and (origin.user, origin.group) != (status.st_uid, status.st_gid):
            with suppress(PermissionError):
                calls.set_owner(file, origin.user, origin.group)
        if known:
            calls.set_permissions(file, int(known, 8))
        calls.flush(file)
    finally:
        os.close(file)


def put_in_place(root: int, work: Work, journal: Journal, found: Mapping[str, Found | None]) -> None:
    """Makes the tree the new one; DecomposerError where a file was touched since it was found."""
    for entry in journal.files:
        if entry.after is None:
            with parent(root, entry.path) as (folder, name):
                _put_aside(folder, name, work, entry, found[entry.path])
    _remove_folders(root, journal.removed)
    _make_folders(root, journal.made)
    for entry in journal.files:
        if entry.after is not None:
            with parent(root, entry.path) as (folder, name):
                if entry.before is not None:
                    _put_aside(folder, name, work, entry, found[entry.path])
                elif state(folder, name) is not None:
                    raise _changed(entry.path)
                calls.rename(work.staged, entry.name, folder, name)
    _flush_folders(root, work, journal)


def take_back(root: int, work: Work, journal: Journal) -> None:
    """Makes the tree the old one, however far the change or an earlier attempt to take it back had come.

    Raises DecomposerError, and changes nothing, when a file was edited since.
    """
    refuse_outside([*(entry.path for entry in journal.files), *journal.made, *journal.removed])
    edited = [_edited(entry.path) for entry in journal.files if _is_edited(root, work, journal, entry)]
    if edited:
        raise DecomposerError(edited)
    for entry in journal.files:
        if entry.before is None and _has_come(work, entry) and _is_file(look(root, entry.path)):
            with parent(root, entry.path) as (folder, name):
                calls.remove(folder, name)
    _remove_folders(root, journal.made)
    _make_folders(root, journal.removed)
    for entry in journal.files:
        if _has_gone(work, entry):
            with parent(root, entry.path) as (folder, name):
                calls.rename(work.before, entry.name, folder, name)
    _flush_folders(root, work, journal)


def _has_gone(work: Work, entry: Entry) -> bool:
    """Whether the file that was there is put aside."""
    return entry.before is not None and state(work.before, entry.name) is not None


def _has_come(work: Work, entry: Entry) -> bool:
    """Whether the new file has left for its place."""
    return entry.after is not None and state(work.staged, entry.name) is None


def _put_aside(folder: int, name: str, work: Work, entry: Entry, found: Found | None) -> None:
    """Moves the old file itself: what is kept is what was there, and an edit of the last moment is noticed."""
    calls.rename(folder, name, work.before, entry.name)
    status = state(work.before, entry.name)
    if found is None or status is None or stamp(status) != found.stamp:
        raise _changed(entry.path)


def _is_edited(root: int, work: Work, journal: Journal, entry: Entry) -> bool:
    """Whether someone wrote to a path after we did: there is what neither the old tree nor the new one has."""
    gone, come = _has_gone(work, entry), _has_come(work, entry)
    if (entry.before is not None and not gone) or (entry.before is None and not come):
        return False  # not yet changed, or already taken back
    here = look(root, entry.path)
    if here is None:
        return False
    if not _is_file(here):
        return entry.path not in journal.made and entry.path not in journal.removed
    if not come or entry.after is None:
        return True
    is_link = here.version.mode == LINK
    return here.version.sha256 != entry.after.sha256 or is_link != (entry.after.mode == LINK)


def _is_file(found: Found | None) -> bool:
    return found is not None and found.version.mode != FOLDER


def _remove_folders(root: int, folders: Iterable[str]) -> None:
    for path in sorted(folders, reverse=True):  # what lies in a folder before the folder
        try:
            with parent(root, path) as (folder, name):
                status = state(folder, name)
                if status is not None and stat.S_ISDIR(status.st_mode):
                    calls.remove_folder(folder, name)
        except OSError as error:
            if error.errno not in _STAYS:
                raise


def _make_folders(root: int, folders: Mapping[str, str]) -> None:
    for path, permissions in sorted(folders.items()):
        with parent(root, path) as (above, name):
            make_folder(above, name)
            status = state(above, name)
            if permissions and status is not None and stat.S_IMODE(status.st_mode) != int(permissions, 8):
                with opened(above, name) as folder:
                    calls.set_permissions(folder, int(permissions, 8))


def _flush_folders(root: int, work: Work, journal: Journal) -> None:
    """Waits until the disk has every name that has come or gone."""
    changed = (*(entry.path for entry in journal.files), *journal.made, *journal.removed)
    for path in sorted({path.rpartition("/")[0] for path in changed}):
        with suppress(FileNotFoundError, NotADirectoryError), telling(path or "."), opened(root, path) as folder:
            calls.flush(folder)
    calls.flush(work.before)
    calls.flush(work.staged)


def _changed(path: str) -> DecomposerError:
    return DecomposerError(Problem(
        path, 0, "changed", "was touched while the change was being written", "nothing was changed; run again",
    ))  # fmt: skip


def _edited(path: str) -> Problem:
    return Problem(
        path, 0, "edited", "was edited after a run that wrote it was stopped half-way, so that run cannot be undone",
        f"what was there before is in {HOME}/{UNFINISHED}/{BEFORE} (see journal.json beside it): move your edit "
        f"elsewhere and run again, or remove {HOME}/{UNFINISHED} to keep the files as they are",
    )  # fmt: skip
