"""The folder `.decompose`: the lock, the change that is being made, and the history of those that were."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import calls
from decomposer.shell.transaction.journal import Journal, decode, encode
from decomposer.shell.transaction.tree import open_folder, opened, read_file, state, telling, write_all, write_file

HOME = ".decompose"
HISTORY = "history"
UNFINISHED = "unfinished"
BEFORE, STAGED = "before", "staged"
JOURNAL, COMMITS = "journal.json", "commits.txt"
_PLACE = f"{HOME}/{UNFINISHED}"
_LOCK = "lock"
_IGNORE, _EVERYTHING = ".gitignore", b"*\n"


class Work(Struct, frozen=True):
    """Descriptors of the folder `unfinished` and those in it."""

    folder: int
    before: int
    staged: int


def is_unfinished(root: int) -> bool:
    """Whether a run has not ended what it began, or is at it."""
    try:
        with opened(root, HOME) as home:
            return state(home, UNFINISHED) is not None
    except (FileNotFoundError, NotADirectoryError):
        return False


@contextmanager
def locked_home(root: int) -> Iterator[int]:
    """A descriptor of `.decompose`, made where it is missing, which no other run writes to meanwhile.

    Raises DecomposerError when one does. The lock goes with its process, however that ends.
    """
    with telling(HOME):
        if state(root, HOME) is None:
            make_folder(root, HOME)
            calls.flush(root)
        home = open_folder(root, HOME)
    lock = -1
    try:
        with telling(f"{HOME}/{_LOCK}"):
            lock = calls.open_lock(home, _LOCK)
            _take(lock)
        with telling(HOME):
            if _content(home, _IGNORE) != _EVERYTHING:
                write_file(home, _IGNORE, _EVERYTHING)
            make_folder(home, HISTORY)
        yield home
    finally:
        os.close(home)
        if lock >= 0:
            os.close(lock)


def make_folder(folder: int, name: str) -> None:
    """Makes a folder where it is missing."""
    if state(folder, name) is None:
        try:
            calls.make_folder(folder, name)
        except FileExistsError:
            return


@contextmanager
def begun(home: int) -> Iterator[Work]:
    """The folder of a change that is being made, made where it is missing."""
    with telling(_PLACE):
        make_folder(home, UNFINISHED)
    with opened(home, UNFINISHED) as folder:
        with telling(_PLACE):
            make_folder(folder, BEFORE)
            make_folder(folder, STAGED)
        with opened(folder, BEFORE) as before, opened(folder, STAGED) as staged:
            yield Work(folder, before, staged)


@telling(_PLACE)
def write_journal(home: int, work: Work, journal: Journal) -> None:
    """Says on disk what is going to happen, after all that is needed for it has reached the disk."""
    calls.flush(work.staged)
    write_file(work.folder, JOURNAL, encode(journal))
    calls.flush(home)


def read_journal(home: int, folder: str) -> Journal | None:
    """The journal in a folder of `.decompose`, None where there is none; DecomposerError where it is damaged."""
    try:
        with opened(home, folder) as place:
            return decode(read_file(place, JOURNAL), f"{HOME}/{folder}/{JOURNAL}")
    except (FileNotFoundError, NotADirectoryError):
        return None


@telling(_PLACE)
def finish(home: int, work: Work, identity: str) -> None:
    """Commits the change: what was unfinished is history in one step."""
    calls.remove_folder(work.folder, STAGED)
    with opened(home, HISTORY) as history:
        calls.rename(home, UNFINISHED, history, identity)
        calls.flush(history)
    calls.flush(home)


@telling(_PLACE)
def reopen(home: int, identity: str) -> None:
    """Takes a change back from the history, where it came there before an error was reported."""
    if state(home, UNFINISHED) is None:
        with opened(home, HISTORY) as history:
            if state(history, identity) is not None:
                calls.rename(history, identity, home, UNFINISHED)
                calls.flush(home)


@telling(_PLACE)
def discard(home: int) -> None:
    """Removes the folder of a change that has not begun or was undone, its journal first."""
    if state(home, UNFINISHED) is None:
        return
    with opened(home, UNFINISHED) as folder:
        if state(folder, JOURNAL) is not None:
            calls.remove(folder, JOURNAL)
            calls.flush(folder)
        if state(folder, STAGED) is not None:
            with opened(folder, STAGED) as staged:
                for name in sorted(os.listdir(staged)):
                    calls.remove(staged, name)
        for name in sorted(os.listdir(folder)):
            if name in (BEFORE, STAGED):
                calls.remove_folder(folder, name)
            else:
                calls.remove(folder, name)
    calls.remove_folder(home, UNFINISHED)


def identities(home: int) -> list[str]:
    """The ids of all changes in the history, in the order they were made."""
    try:
        with opened(home, HISTORY) as history:
            return sorted((name for name in os.listdir(history) if number(name)), key=number)
    except FileNotFoundError:
        return []


def read_commits(home: int, identity: str) -> tuple[str, ...]:
    """The names of git's commits that hold a change, none where it was not committed."""
    try:
        with opened(home, f"{HISTORY}/{identity}") as folder:
            return tuple(read_file(folder, COMMITS).decode("ascii", "replace").split())
    except (FileNotFoundError, NotADirectoryError):
        return ()


def write_commits(home: int, identity: str, commits: Iterable[str]) -> None:
    """Notes which of git's commits hold a change."""
    with telling(f"{HOME}/{HISTORY}/{identity}"), opened(home, f"{HISTORY}/{identity}") as folder:
        write_file(folder, COMMITS, "".join(f"{commit}\n" for commit in commits).encode())


def number(identity: str) -> int:
    """The number that a change's id begins with, 0 where it is no id."""
    digits = identity.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = ""
        for _ in range(20):  # it has just begun where it has not written its number yet
            pid = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
            if pid:
                break
            time.sleep(0.005)
        who = f"another run (pid {pid})" if pid else "another run"
        raise DecomposerError(Problem(
            f"{HOME}/{_LOCK}", 0, "locked", f"{who} is writing to this repository", "run again when it has ended",
        )) from None  # fmt: skip
    calls.truncate(lock)
    write_all(lock, f"{os.getpid()}\n".encode())


def _content(folder: int, name: str) -> bytes | None:
    try:
        return read_file(folder, name)
    except FileNotFoundError:
        return None
