"""One change from the lock to the history, and back to where it began when anything fails."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store
from decomposer.shell.transaction.inspecting import inspect, is_done, look_all
from decomposer.shell.transaction.journal import Entry, Journal
from decomposer.shell.transaction.moving import put_in_place, stage, take_back
from decomposer.shell.transaction.tree import digest, state

_PLACE = f"{store.HOME}/{store.UNFINISHED}"
_HINTS = {
    errno.ENOSPC: "make room on the disk and run again",
    errno.EDQUOT: "make room within your quota and run again",
    errno.EROFS: "mount the file system for writing and run again",
    errno.EACCES: "let yourself write to that file's folder and run again",
    errno.EPERM: "let yourself write to that file's folder and run again",
    errno.EXDEV: "it must lie on the file system that the repository lies on",
}


class Draft(Struct, frozen=True):
    """What is to change: the files, the bytes of those that come by path, and what to know of the folders.

    See `decomposer.shell.transaction.inspecting.inspect` for `since`, `made` and `removable`.
    """

    title: str
    files: tuple[Entry, ...]
    contents: Mapping[str, bytes]
    since: str = "the change was planned"
    made: Mapping[str, str] = {}
    removable: Collection[str] | None = None
    undoes: str = ""
    contexts: tuple[str, ...] = ()


@contextmanager
def reading(root: Path) -> Iterator[int]:
    """A descriptor of the repository's folder; what the system refuses becomes a DecomposerError."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield folder
        finally:
            os.close(folder)
    except OSError as error:
        raise DecomposerError(problem_of(error, "nothing was changed")) from error


@contextmanager
def writing(tree: int) -> Iterator[tuple[int, Journal | None]]:
    """A descriptor of `.decompose`, locked, and the change that a killed run left half-made and is now undone."""
    with store.locked_home(tree) as home:
        try:
            undone = _undo(tree, home)
        except OSError as error:
            raise DecomposerError(problem_of(error, f"an earlier run left a change half-made in {_PLACE}, and it "
                                             "could not be undone")) from error  # fmt: skip
        yield home, undone


def carry_out(tree: int, home: int, draft: Draft) -> str:
    """Makes a change, and gives its id; "" when every file is already what it is to be.

    Raises DecomposerError or OSError, when the tree is what it was; a DecomposerError that says so, when it is not.
    """
    found = look_all(tree, draft.files)
    if is_done(found, draft.files):
        if not draft.undoes:
            return ""
        draft = replace(draft, files=(), made={})  # someone took it back by hand: that is noted
    files = tuple(replace(entry, name=f"{number:04}") for number, entry in enumerate(draft.files, 1))
    inspected = inspect(tree, files, found, draft.since, draft.made, draft.removable)
    journal = _numbered(home, Journal(
        "", draft.title, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        inspected.files, inspected.made, inspected.removed, draft.undoes,
        draft.contexts,
    ))  # fmt: skip
    try:
        with store.begun(home) as work:
            stage(work, journal.files, draft.contents, found)
            store.write_journal(home, work, journal)
            put_in_place(tree, work, journal, found)
            store.finish(home, work, journal.id)
    except BaseException as error:
        _undo_after(error, tree, home, journal)
        raise
    return journal.id


def problem_of(error: OSError, outcome: str) -> Problem:
    """What the system refused, and what came of it."""
    place = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else store.HOME
    what = error.strerror or str(error)
    return Problem(
        place, 0, "cannot-write", f"{what}: {outcome}", _HINTS.get(error.errno or 0, "mend that and run again")
    )


def _numbered(home: int, journal: Journal) -> Journal:
    """The journal with the next id: a number, and what tells it from the same number in another copy."""
    last = max(map(store.number, store.identities(home)), default=0)
    told = digest(repr(journal).encode("utf-8", "backslashreplace"))
    return replace(journal, id=f"{last + 1:04}-{told[:6]}")


def _undo(tree: int, home: int) -> Journal | None:
    """Undoes what is unfinished, and gives its journal if it had begun."""
    if state(home, store.UNFINISHED) is None:
        return None
    journal = store.read_journal(home, store.UNFINISHED)
    if journal is not None:
        with store.begun(home) as work:
            take_back(tree, work, journal)
    store.discard(home)
    return journal


def _undo_after(error: BaseException, tree: int, home: int, journal: Journal) -> None:
    """Undoes a change that failed; DecomposerError where that fails too and the tree is not what it was."""
    try:
        store.reopen(home, journal.id)
        _undo(tree, home)
    except (OSError, DecomposerError) as second:
        try:
            if journal.id in store.identities(home):
                outcome = f"the change is made and is {journal.id} in the history, but may not outlast a loss of power"
            elif store.read_journal(home, store.UNFINISHED) is not None:
                outcome = (f"the change is half-made, and undoing it failed too; {_PLACE} has all that is needed, and "
                           "the next run that writes begins with undoing it")  # fmt: skip
            else:
                return  # undone, and nothing but a leftover is there
        except (OSError, DecomposerError):
            outcome = f"whether the change was made or undone cannot be told; {_PLACE} has what is needed to undo it"
        raise DecomposerError([*_reasons(error, outcome), *_reasons(second, "the change was not undone")]) from error


def _reasons(error: BaseException, outcome: str) -> tuple[Problem, ...]:
    if isinstance(error, OSError):
        return (problem_of(error, outcome),)
    told = Problem(_PLACE, 0, "cannot-write", f"the run was stopped: {outcome}")
    return (told, *error.problems) if isinstance(error, DecomposerError) else (told,)
