"""Every system call of a transaction that changes something on disk, and no other module of it makes one.

They are looked up here by name each time, so that a test can let any of them fail or be the last.
"""

from __future__ import annotations

import errno
import os

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


def make_file(folder: int, name: str, permissions: int) -> int:
    """A descriptor for writing of a file that was not there; the process's umask applies to its permissions."""
    return os.open(name, _NEW, permissions, dir_fd=folder)


def open_lock(folder: int, name: str) -> int:
    """A descriptor of a file that is made where it is missing."""
    return os.open(name, _LOCK, 0o666, dir_fd=folder)


def write(file: int, data: memoryview) -> int:
    """How many of the bytes were written, which need not be all."""
    return os.write(file, data)


def truncate(file: int) -> None:
    """Leaves nothing in a file."""
    os.ftruncate(file, 0)


def flush(descriptor: int) -> None:
    """Waits until a file's content, or a folder's names, have reached the disk."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that knows no such thing, of folders mostly
            raise


def set_permissions(descriptor: int, permissions: int) -> None:
    """Sets a file's or folder's permissions, whatever the umask."""
    os.fchmod(descriptor, permissions)


def set_owner(descriptor: int, user: int, group: int) -> None:
    """Gives a file to a user and a group."""
    os.fchown(descriptor, user, group)


def make_link(target: bytes, folder: int, name: str) -> None:
    """Makes a symbolic link."""
    os.symlink(target, os.fsencode(name), dir_fd=folder)


def rename(folder: int, name: str, new_folder: int, new_name: str) -> None:
    """Moves a file or folder, replacing a file of the new name in one step."""
    os.rename(name, new_name, src_dir_fd=folder, dst_dir_fd=new_folder)


def remove(folder: int, name: str) -> None:
    """Removes a file or a symbolic link."""
    os.unlink(name, dir_fd=folder)


def make_folder(folder: int, name: str) -> None:
    """Makes a folder; the process's umask applies to its permissions."""
    os.mkdir(name, dir_fd=folder)


def remove_folder(folder: int, name: str) -> None:
    """Removes an empty folder."""
    os.rmdir(name, dir_fd=folder)
