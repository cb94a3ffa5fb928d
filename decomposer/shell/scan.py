"""The files of a folder and what the disk says of them, listed with as few imports as can be.

The start of a warm run is this module alone: no dataclasses, no pathlib, nothing that takes longer to import
than the listing itself.
"""

from __future__ import annotations

import os
from _blake2 import blake2b
from marshal import dumps
from stat import S_ISDIR

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "site-packages", ".tox", ".nox",
     ".eggs", ".idea", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".decompose")
)  # fmt: skip
TEXT_SUFFIXES = (
    ".toml", ".cfg", ".ini", ".yaml", ".yml", ".sh", ".service", ".timer", ".socket", ".conf", ".md", ".rst",
    ".txt", ".pyi", ".json", ".mk", ".bash", ".in", ".j2", ".conf.example", ".conf.sample",
    ".target", ".service.retired",
)  # fmt: skip
TEXT_NAMES = (
    "Dockerfile", "Containerfile", "Makefile", "Procfile", "Justfile", "Jenkinsfile", "Taskfile",
    "CODEOWNERS", ".gitattributes", ".coveragerc", ".importlinter", ".dockerignore", ".flake8", ".pylintrc", "crontab",
)  # fmt: skip
LISTED_SUFFIXES = (".py", *TEXT_SUFFIXES)
SCRIPT = 64 * 1024
"""Bytes. A file whose name has no ending may be a script; a larger one is a program."""
SECRET = ".env"
"""How the names of files begin that are never opened."""

Listed = tuple[str, int, int, int, int]
"""Path from the folder, size, time of modification, time of change, inode."""


Link = tuple[str, str, str]
"""A symbolic link's path, its target as written, and the state of what it leads to: "" when that is nothing."""


Scanned = tuple[list[Listed], list[Link], list[tuple[str, str]]]
"""Files in order of path, symbolic links that are not followed, what cannot be listed and why."""


def scan(root: str) -> Scanned:
    """Files in order of path, symbolic links that are not followed, and what cannot be listed and why.

    Only Python, configuration and text files are listed; files called `.env` never are.
    """
    files: list[Listed] = []
    links: list[Link] = []
    unreadable: list[tuple[str, str]] = []
    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            found = os.scandir(root + "/" + prefix if prefix else root)
        except OSError as error:
            unreadable.append((prefix.rstrip("/") or ".", error.strerror or "unknown"))
            continue
        with found:
            for item in found:
                name = item.name
                try:
                    if item.is_symlink():
                        target = _target(item.path)
                        if _is_listed(name) or (name not in SKIPPED_FOLDERS and target == "folder"):
                            links.append((prefix + name, os.readlink(item.path), target))
                    elif item.is_dir(follow_symlinks=False):
                        if name not in SKIPPED_FOLDERS and not name.endswith(".egg-info"):
                            name.encode()
                            folders.append(f"{prefix}{name}/")
                    elif (_is_listed(name) or "." not in name) and item.is_file(follow_symlinks=False):
                        name.encode()  # no name of ours can be meant by one that is not UTF-8
                        state = item.stat(follow_symlinks=False)
                        if state.st_size > SCRIPT and not _is_listed(name):
                            continue
                        files.append((prefix + name, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino))
                except OSError as error:  # it vanished, for one
                    unreadable.append((prefix + name, error.strerror or "unknown"))
                except UnicodeEncodeError:
                    unreadable.append((prefix + name, "its name is not UTF-8"))
    files.sort()
    links.sort()
    unreadable.sort()
    return files, links, unreadable


def digest(data: bytes, size: int = 16) -> str:
    """The BLAKE2 hash of some bytes in hexadecimal; `hashlib` would load OpenSSL first."""
    return blake2b(data, digest_size=size).hexdigest()


def signature(scanned: Scanned) -> str:
    """A digest of everything the disk says of the files: equal when nothing can have changed."""
    return digest(dumps(scanned, 2))  # a version without references: they depend on who else holds a value


def has_unfinished(root: str) -> bool:
    """Whether a run that writes to a repository is at work or was killed (see `decomposer.shell.transaction`)."""
    return os.path.exists(f"{root}/.decompose/unfinished")


def repository_above(folder: str) -> str:
    """The nearest folder upwards with a configuration or a `.git`, the folder itself when there is none."""
    above = folder
    while True:
        if os.path.isfile(f"{above}/decompose.toml") or os.path.exists(f"{above}/.git"):
            return above
        if above == os.path.dirname(above):
            return folder
        above = os.path.dirname(above)


def stamps(folder: str) -> str:
    """A digest of the disk's word for every file below a folder of the tool itself."""
    found: list[str] = []
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as items:
            for item in items:
                if item.is_dir():
                    if item.name != "__pycache__":
                        folders.append(item.path)
                elif not item.name.endswith(".pyc"):
                    state = item.stat()
                    found.append(f"{item.path} {state.st_size} {state.st_mtime_ns}")
    return digest("\n".join(sorted(found)).encode("utf-8", "surrogateescape"), 8)


def _is_listed(name: str) -> bool:
    if name.startswith(SECRET):
        return False
    return name.endswith(LISTED_SUFFIXES) or name.startswith(TEXT_NAMES) or name == ".gitignore"


def _target(path: str) -> str:
    """What a symbolic link leads to: "folder", a file's state, or "" when it leads nowhere or to itself."""
    try:
        state = os.stat(path)
    except OSError:
        return ""
    if S_ISDIR(state.st_mode):
        return "folder"
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_ino}"
