"""Flag files on the disk: what nginx looks for on every request.

They are made and removed one by one, a percentage from its end: a run that is killed leaves a percentage in between,
and so does power that fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from decomposer.model.problems import DecomposerError, Problem
from decomposer.scaffold.nginx.switch import BUCKETS

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def flag_files(root: Path, folder: str, context: str) -> list[str]:
    """The names of a context's flag files; none where there is no folder of them yet."""
    try:
        with _opened(root, f"{folder}/{context}", False) as opened:
            return sorted(os.listdir(opened))
    except FileNotFoundError:
        return []


def set_percent(root: Path, folder: str, context: str, percent: int) -> None:
    """Makes the files of the first hundredths, and removes all others; testers stay.

    Raises DecomposerError when the system refuses, or a symbolic link is in the way.
    """
    with _told(f"{folder}/{context}"), _opened(root, f"{folder}/{context}", True) as opened:
        for bucket in range(percent):
            _touch(opened, str(bucket))
        for bucket in range(BUCKETS - 1, percent - 1, -1):
            _remove(opened, str(bucket))
        os.fsync(opened)


def set_tester(root: Path, folder: str, context: str, tester: str, is_on: bool) -> None:
    """Sends a tester to the service, or back to the monolith.

    Raises DecomposerError when the system refuses, or a symbolic link is in the way.
    """
    with _told(f"{folder}/{context}"), _opened(root, f"{folder}/{context}", True) as opened:
        (_touch if is_on else _remove)(opened, f"to-{tester}")
        os.fsync(opened)


def remove_folder(root: Path, folder: str, context: str) -> None:
    """Takes away the folder of a context that has no flags; nothing where there is none, or it is not empty."""
    with suppress(OSError), _opened(root, folder, False) as opened:
        os.rmdir(context, dir_fd=opened)


def _touch(folder: int, name: str) -> None:
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644, dir_fd=folder))


def _remove(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


@contextmanager
def _opened(root: Path, path: str, is_made: bool) -> Iterator[int]:
    """A folder of the repository, reached through no symbolic link; made where it is wished, for all to read."""
    opened = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.split("/"):
            try:
                inner = os.open(part, _FOLDER, dir_fd=opened)
            except FileNotFoundError:
                if not is_made:
                    raise
                os.mkdir(part, 0o755, dir_fd=opened)
                inner = os.open(part, _FOLDER, dir_fd=opened)
                os.fchmod(inner, 0o755)  # whoever nginx's workers are
            os.close(opened)
            opened = inner
        yield opened
    finally:
        os.close(opened)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DecomposerError(Problem(path, 0, "flags", f"the flags cannot be set: {error.strerror}",
                                      "the next try mends what is half done")) from error  # fmt: skip
