"""A copy of a repository to work on, and what tells whether it is as it was, byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path

OWN = (".decompose", ".git")
MADE = (*OWN, "__pycache__", "node_modules", ".venv", ".pytest_cache")
"""Folders that are no part of what is copied."""

Snapshot = dict[str, str]
"""By path, of a file its mode and hash, of a link where it leads, of a folder that it is there."""


def copy_tree(source: Path, to: Path) -> None:
    """Copies a repository without what was made in it."""
    shutil.copytree(source, to, symlinks=True, ignore=shutil.ignore_patterns(*MADE))


def snapshot(root: Path) -> Snapshot:
    """What is below a folder, but for what decompose and git keep there."""
    found: Snapshot = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not (name in OWN and folder == str(root))]
        for name in (*folders, *names):
            path = Path(folder, name)
            found[path.relative_to(root).as_posix()] = _state(path)
    return found


def _state(path: Path) -> str:
    if path.is_symlink():
        return f"link {os.readlink(path)}"
    if path.is_dir():
        return "folder"
    return f"{path.stat().st_mode:o} {hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest()}"


def changed(before: Snapshot, after: Snapshot) -> Collection[str]:
    """The paths that differ."""
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
