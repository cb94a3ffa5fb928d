"""Writing a change set as one transaction, and undoing what a run left that was killed.

How that is safe is told in `decomposer.shell.transaction`. A command that writes plans inside `only_writer`.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from decomposer.changeset import Change, ChangeSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store
from decomposer.shell.transaction.inspecting import is_done, look_all, refuse_outside
from decomposer.shell.transaction.journal import Entry, Journal, Version
from decomposer.shell.transaction.tree import digest
from decomposer.shell.transaction.writing import Draft, carry_out, reading, writing

RECOVERED, ROLLBACK_RECOVERED = "recovered", "rollback-recovered"
"""The codes of what `recover` tells: the run that was killed made a change, or took one back."""


@contextmanager
def only_writer(root: Path) -> Iterator[Problem | None]:
    """Keeps other runs that do so out as long as it lasts, so that what is planned inside is planned on files at rest.

    Gives what `recover` tells, which is done first. It leaves no trace: what is locked is the repository's folder
    itself, where the file system can do that. Raises DecomposerError when another run is at it.
    """
    with ExitStack() as held:
        with reading(root) as tree:  # only what is done here is told as trouble with writing
            held.callback(os.close, folder := os.dup(tree))
            _take_turn(folder)
            undone = recover(root)
        yield undone


def apply_changes(root: Path, change_set: ChangeSet, title: str, contexts: tuple[str, ...] = ()) -> str:
    """Writes all of a change set or nothing, and gives the change's id; "" where there was nothing to write.

    `contexts` are those that it takes a step further, which is noted.
    Raises DecomposerError, and leaves the files as they were, when a path leads out of the repository, a file is
    not what the change set was planned for, another run is writing, or the system refuses a write. Should undoing
    fail as well, the error says so, and the next run that writes undoes it first.
    """
    if is_applied(root, change_set):
        return ""
    with reading(root) as tree, writing(tree) as (home, _):
        return carry_out(tree, home, _draft(change_set, title, contexts))


def is_applied(root: Path, change_set: ChangeSet) -> bool:
    """Whether there is nothing to write: every file is what it is to be, and no run has left anything half-made.

    Raises DecomposerError when a path leads out of the repository.
    """
    files = _draft(change_set, "").files
    if not files:
        return True
    with reading(root) as tree:
        return not store.is_unfinished(tree) and is_done(look_all(tree, files), files)


def recover(root: Path) -> Problem | None:
    """Undoes what a killed run left half-made, and gives a warning that says so; writes nothing when there is none.

    Raises DecomposerError when another run is writing, or a file was edited meanwhile.
    """
    with reading(root) as tree:
        if not store.is_unfinished(tree):
            return None
        with writing(tree) as (_, undone):
            return _undone(undone) if undone is not None else None


def warn_of_unfinished(root: Path) -> Problem | None:
    """A warning for commands that only read, when a run was killed and the tree is neither the old nor the new one."""
    with reading(root) as tree:
        if not store.is_unfinished(tree):
            return None
    return Problem(
        f"{store.HOME}/{store.UNFINISHED}", 0, "unfinished", "a run that writes is at work or was killed: the files "
        "may be half-changed", "the next command that writes begins with undoing what is half-made", "warning",
    )  # fmt: skip


def _take_turn(folder: int) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DecomposerError(Problem(
            ".", 0, "locked", "another run is writing to this repository", "run again when it has ended",
        )) from None  # fmt: skip
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOTSUP):  # folders cannot be locked here
            raise


def _draft(change_set: ChangeSet, title: str, contexts: tuple[str, ...] = ()) -> Draft:
    """What a change set asks for; DecomposerError when a path leads out of the repository."""
    changes = [change for change in change_set.changes if (change.before, change.after) != (None, None)]
    refuse_outside([*(change.path for change in changes), *filter(None, (change.moved_from for change in changes))])
    files = tuple(Entry(change.path, "", _before(change), _after(change), change.moved_from) for change in changes)
    contents = {change.path: change.after for change in changes if change.after is not None}
    return Draft(title, files, contents, contexts=contexts)


def _before(change: Change) -> Version | None:
    return None if change.before is None else Version(change.mode_before, digest(change.before))


def _after(change: Change) -> Version | None:
    return None if change.after is None else Version(change.mode, digest(change.after))


def _undone(journal: Journal) -> Problem:
    code = ROLLBACK_RECOVERED if journal.undoes else RECOVERED
    return Problem(
        store.HOME, 0, code, f"a run was stopped half-way through `{journal.title}`: its change is undone",
        "run it again", "warning",
    )  # fmt: skip
