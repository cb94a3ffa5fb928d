"""The files of a repository, reached from its folder step by step and never through a symbolic link.

A path is walked anew each time, name by name, so that a folder which someone replaces by a link to another place
between two calls is an error and not a way out.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from decomposer.shell.transaction import calls
from decomposer.shell.transaction.journal import Version

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

FILE, EXECUTABLE, LINK = "100644", "100755", "120000"
FOLDER, SPECIAL = "040000", "special"


class Found(Struct, frozen=True):
    """What lies at a path: its version, whose it is, and a stamp that tells whether it was touched since."""

    version: Version
    user: int
    group: int
    stamp: tuple[int, int, int]


@contextmanager
def opened(root: int, path: str = "") -> Iterator[int]:
    """A descriptor of the folder at a path below another; NotADirectoryError for a symbolic link on the way."""
    first, *others = path.split("/") if path else (".",)
    folder = open_folder(root, first)
    try:
        for name in others:
            below = open_folder(folder, name)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


def open_folder(folder: int, name: str) -> int:
    """A descriptor of a folder in another; NotADirectoryError for a symbolic link."""
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:  # what some systems say of a link
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), name) from None
        raise


@contextmanager
def telling(path: str) -> Iterator[None]:
    """Lets an OSError tell the path from the repository, where the system knows a name in a folder only."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = path, None
        raise


@contextmanager
def parent(root: int, path: str) -> Iterator[tuple[int, str]]:
    """A descriptor of the folder that a path lies in, and its name there; an OSError inside tells the path."""
    above, _, name = path.rpartition("/")
    with telling(path), opened(root, above) as folder:
        yield folder, name


def state(folder: int, name: str) -> os.stat_result | None:
    """What the disk says of a name in a folder, None where there is none."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def stamp(status: os.stat_result) -> tuple[int, int, int]:
    """What changes when a file is replaced or written to, but not when it is renamed."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def look(root: int, path: str) -> Found | None:
    """What lies at a path, None where there is nothing: also where a folder on the way is none."""
    try:
        with parent(root, path) as (folder, name):
            return look_at(folder, name)
    except (FileNotFoundError, NotADirectoryError):
        return None


def look_at(folder: int, name: str) -> Found | None:
    """What lies in a folder under a name, None where there is nothing."""
    status = state(folder, name)
    if status is None:
        return None
    permissions = f"{stat.S_IMODE(status.st_mode):04o}"
    if stat.S_ISLNK(status.st_mode):
        version = Version(LINK, digest(read_link(folder, name)))
    elif stat.S_ISREG(status.st_mode):
        # As git has it: a file is executable when its owner may execute it.
        mode = EXECUTABLE if status.st_mode & stat.S_IXUSR else FILE
        version = Version(mode, digest(read_file(folder, name)), permissions)
    else:
        version = Version(FOLDER if stat.S_ISDIR(status.st_mode) else SPECIAL, "", permissions)
    return Found(version, status.st_uid, status.st_gid, stamp(status))


def obstacle(root: int, path: str) -> tuple[str, bool] | None:
    """The first thing on the way to a path that is no folder, and whether it is a symbolic link."""
    names = path.split("/")[:-1]
    for depth in range(1, len(names) + 1):
        above = "/".join(names[:depth])
        try:
            with parent(root, above) as (folder, name):
                status = state(folder, name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if status is None:
            return None
        if not stat.S_ISDIR(status.st_mode):
            return above, stat.S_ISLNK(status.st_mode)
    return None


def names_in(root: int, path: str) -> list[str]:
    """The names in a folder, none where it is not there."""
    try:
        with opened(root, path) as folder:
            return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def read_file(folder: int, name: str) -> bytes:
    """The bytes of a regular file."""
    with open(os.open(name, _FILE, dir_fd=folder), "rb", buffering=0) as file:
        return file.read()


def read_link(folder: int, name: str) -> bytes:
    """The target of a symbolic link, as written."""
    return os.fsencode(os.readlink(name, dir_fd=folder))


def write_file(folder: int, name: str, content: bytes, permissions: int = 0o666) -> None:
    """Writes a file in one step: it has its old content or the new one, and the disk has it when this returns."""
    new = f"{name}.new"
    if state(folder, new) is not None:
        calls.remove(folder, new)
    file = calls.make_file(folder, new, permissions)
    try:
        write_all(file, content)
        calls.flush(file)
    finally:
        os.close(file)
    calls.rename(folder, new, folder, name)
    calls.flush(folder)


def write_all(file: int, content: bytes) -> None:
    """Writes every byte, in as many calls as it takes."""
    left = memoryview(content)
    while left:
        written = calls.write(file, left)
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        left = left[written:]


def digest(content: bytes) -> str:
    """The digest that `sha256sum` prints."""
    return hashlib.sha256(content, usedforsecurity=False).hexdigest()
