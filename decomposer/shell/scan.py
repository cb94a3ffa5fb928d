"""The files of a folder and what the disk says of them, listed with as few imports as can be.

The start of a warm run is this module alone: no dataclasses, no pathlib, nothing that takes longer to import
than the listing itself.
"""

from __future__ import annotations

import os
from _blake2 import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SKIPPED_FOLDERS = frozenset(
    (".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "site-packages", ".tox", ".nox",
     ".eggs", ".idea", ".vscode", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".decompose")
)  # fmt: skip
TEXT_SUFFIXES = (
    ".toml", ".cfg", ".ini", ".yaml", ".yml", ".sh", ".service", ".timer", ".socket", ".conf", ".md", ".rst",
    ".txt", ".json", ".mk", ".bash", ".in", ".j2",
)  # fmt: skip
TEXT_NAMES = ("Dockerfile", "Containerfile", "Makefile", "Procfile", "Justfile", "Jenkinsfile", "Taskfile")
LISTED_SUFFIXES = (".py", *TEXT_SUFFIXES)

Listed = tuple[str, int, int, int, int]
"""Path from the folder, size, time of modification, time of change, inode."""


Scanned = tuple[list[Listed], list[str], list[tuple[str, str]]]
"""Files in order of path, symbolic links that are not followed, folders that cannot be listed and why."""


def scan(root: str) -> Scanned:
    """Files in order of path, symbolic links that are not followed, and folders that cannot be listed and why.

    Only Python, configuration and text files are listed; files called `.env` never are.
    """
    files: list[Listed] = []
    links: list[str] = []
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
                if item.is_symlink():
                    if name.endswith(".py") or (name not in SKIPPED_FOLDERS and _leads_to_folder(item.path)):
                        links.append(prefix + name)
                elif item.is_dir(follow_symlinks=False):
                    if name not in SKIPPED_FOLDERS and not name.endswith(".egg-info"):
                        folders.append(f"{prefix}{name}/")
                elif _is_listed(name) and item.is_file(follow_symlinks=False):
                    state = item.stat(follow_symlinks=False)
                    files.append((prefix + name, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino))
    files.sort()
    links.sort()
    return files, links, unreadable


def digest(data: bytes, size: int = 16) -> str:
    """The BLAKE2 hash of some bytes in hexadecimal; `hashlib` would load OpenSSL first."""
    return blake2b(data, digest_size=size).hexdigest()


def signature(files: Iterable[Listed]) -> str:
    """A digest of everything the disk says of the files: equal when no file can have changed."""
    return digest(repr(files).encode("utf-8", "surrogateescape"))


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
    if name.startswith(".env"):
        return False
    return name.endswith(LISTED_SUFFIXES) or name.startswith(TEXT_NAMES) or name == ".gitignore"


def _leads_to_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except OSError:
        return True  # a loop: worth telling
