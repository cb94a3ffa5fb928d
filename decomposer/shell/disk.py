"""The files of a repository as they lie on disk: listed once, read by path, never written here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from decomposer.model.problems import Problem

SKIPPED_FOLDERS = frozenset(
    ".git .hg .svn .venv venv node_modules __pycache__ site-packages .tox .nox .eggs .idea .vscode "
    ".mypy_cache .ruff_cache .pytest_cache .hypothesis .decompose".split()
)
TEXT_SUFFIXES = (
    ".toml", ".cfg", ".ini", ".yaml", ".yml", ".sh", ".service", ".timer", ".socket", ".conf", ".md", ".rst",
    ".txt", ".json", ".mk", ".bash", ".in", ".j2",
)  # fmt: skip
TEXT_NAMES = ("Dockerfile", "Containerfile", "Makefile", "Procfile", "Justfile", "Jenkinsfile", "Taskfile")
LARGEST_TEXT = 512 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: path from the repository, and what the disk says of it without reading it."""

    path: str
    size: int
    modified: int
    changed: int
    inode: int


@dataclass(frozen=True, slots=True)
class Listing:
    """All files that may matter, in order of path, and what was passed over."""

    root: Path
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    def signature(self) -> str:
        """A digest of everything the disk says of the files: equal when no file can have changed."""
        digest = hashlib.blake2b(digest_size=16)
        for e in self.entries:
            digest.update(f"{e.path}\0{e.size} {e.modified} {e.changed} {e.inode}\n".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()


def list_files(root: Path) -> Listing:
    """Every Python file, configuration and document below a folder; symbolic links are named, not followed."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for entry in _scan(str(root), "", problems):
        entries.append(entry)
    return Listing(root, tuple(sorted(entries, key=lambda e: e.path)), tuple(problems))


def is_python(path: str) -> bool:
    """Whether a path is Python source."""
    return path.endswith(".py")


def is_text(path: str) -> bool:
    """Whether a path is a configuration, script or document that may name modules; `.env` files never are."""
    name = path.rpartition("/")[2]
    if name == ".env" or name.startswith(".env."):
        return False
    return name.endswith(TEXT_SUFFIXES) or name.startswith(TEXT_NAMES)


def _scan(folder: str, prefix: str, problems: list[Problem]) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as found:
            items = list(found)
    except OSError as error:
        problems.append(Problem(prefix.rstrip("/") or ".", 0, "unreadable", f"cannot be listed: {error.strerror}",
                                severity="warning"))  # fmt: skip
        return
    for item in items:
        name = item.name
        path = prefix + name
        if item.is_symlink():
            if is_python(name) or (os.path.isdir(item.path) and name not in SKIPPED_FOLDERS):
                problems.append(_link(item.path, path))
            continue
        if item.is_dir(follow_symlinks=False):
            if name not in SKIPPED_FOLDERS and not name.endswith(".egg-info"):
                yield from _scan(item.path, path + "/", problems)
        elif item.is_file(follow_symlinks=False) and (is_python(name) or is_text(name) or name == ".gitignore"):
            state = item.stat(follow_symlinks=False)
            yield Entry(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


def _link(full: str, path: str) -> Problem:
    target = os.readlink(full)
    try:
        exists = os.path.exists(full)
    except OSError:
        exists = False
    what = f"a symbolic link to `{target}`" if exists else f"a symbolic link to `{target}`, which leads nowhere or to itself"
    return Problem(path, 0, "symlink", f"{what}: not followed, not read", severity="warning")
