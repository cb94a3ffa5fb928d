"""The files of a repository as they lie on disk: listed once, read by path, never written here."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.scan import (
    SECRET,
    SKIPPED_FOLDERS,
    TEXT_NAMES,
    TEXT_SUFFIXES,
    Listed,
    Scanned,
    scan,
    signature,
)

LARGEST_TEXT = 512 * 1024


class Listing(Struct, frozen=True):
    """All files that may matter, in order of path, and what was passed over."""

    root: Path
    scanned: Scanned
    problems: tuple[Problem, ...]

    @property
    def files(self) -> list[Listed]:
        """What the disk says of each file."""
        return self.scanned[0]

    def signature(self) -> str:
        """A digest of everything the disk says of the files: equal when nothing can have changed."""
        return signature(self.scanned)

    def python(self) -> list[str]:
        """The paths of Python files."""
        return [file[0] for file in self.files if is_python(file[0])]


def list_files(root: Path, scanned: Scanned | None = None) -> Listing:
    """Every Python file, configuration and document below a folder; symbolic links are named, not followed.

    `scanned` is what a scan a moment ago found, where there was one.
    """
    scanned = scanned or scan(str(root))
    _, links, unreadable = scanned
    problems = [_link(*link) for link in links if _is_worth_telling(root, *link)]
    problems += [
        Problem(path, 0, "unreadable", f"cannot be listed: {why}", severity="warning") for path, why in unreadable
    ]
    return Listing(root, scanned, tuple(problems))


def list_folder(root: Path, folder: str) -> list[str]:
    """Every regular file below a folder, by path from the repository: all but compiled files and `.env`."""
    found: list[str] = []
    for current, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        below = Path(current).relative_to(root).as_posix()
        found += [f"{below}/{name}" for name in names if not name.endswith(".pyc") and not name.startswith(SECRET)]
    return sorted(path for path in found if (root / path).is_file() and not (root / path).is_symlink())


def reader(root: Path) -> Callable[[str], bytes | None]:
    """A function that gives a file's bytes by its path, None where there is no file; each is read once."""
    known: dict[str, bytes | None] = {}

    def read(path: str) -> bytes | None:
        if path not in known:
            try:
                link = link_above(root, path)
                if link is not None:  # the link's own content, as git has it; nothing lies behind it
                    known[path] = os.fsencode(link[1]) if link[0] == path else None
                    return known[path]
                known[path] = (root / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                known[path] = None
            except OSError as error:
                raise DecomposerError(Problem(path, 0, "unreadable", f"cannot be read: {error.strerror}")) from None
        return known[path]

    return read


def mode(root: Path, path: str) -> str:
    """Git's mode of a file: a symbolic link's, an executable's or a plain file's."""
    full = root / path
    if full.is_symlink():
        return "120000"
    return "100755" if os.access(full, os.X_OK) else "100644"


def link_above(root: Path, path: str) -> tuple[str, str] | None:
    """The first symbolic link on the way to a path, and its target; None when the way is plain."""
    parts = path.split("/")
    for depth in range(1, len(parts) + 1):
        full = root.joinpath(*parts[:depth])
        if full.is_symlink():
            return "/".join(parts[:depth]), os.readlink(full)
    return None


def lies_within(root: Path, path: Path) -> bool:
    """Whether a path, its symbolic links followed, is the folder or below it."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def is_python(path: str) -> bool:
    """Whether a path is Python source."""
    return path.endswith(".py")


def is_text(path: str) -> bool:
    """Whether a path is a configuration, script or document that may name modules."""
    name = path.rpartition("/")[2]
    return name.endswith(TEXT_SUFFIXES) or name.startswith(TEXT_NAMES)


def _is_worth_telling(root: Path, path: str, target: str, state: str) -> bool:
    """Whether something is missed by not following a link: no text that lies in the repository under another name."""
    return is_python(path) or state in ("", "folder") or not lies_within(root, root / path)


def _link(path: str, target: str, state: str) -> Problem:
    what = f"a symbolic link to `{target}`" + ("" if state else ", which leads nowhere or to itself")
    return Problem(path, 0, "symlink", f"{what}: not followed, not read", severity="warning")
