"""Data copied for a process to write to, so that what it does to it can be compared and thrown away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from decomposer.model.problems import DecomposerError, Problem

_COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database."""


def copy_data(paths: Iterable[Path], folder: Path) -> None:
    """Copies files and folders into a folder, a database with what belongs to it.

    Raises DecomposerError for what is not there, or has the name of another.
    """
    folder.mkdir(parents=True)
    for path in paths:
        new = folder / path.name
        if not path.exists():
            raise DecomposerError(Problem(str(path), 0, "no-data", "there is no such file or folder", "see --data"))
        if new.exists():
            raise DecomposerError(Problem(str(path), 0, "same-name", f"another `{path.name}` is copied as well",
                                          "name the folder that holds both"))  # fmt: skip
        if path.is_dir():
            shutil.copytree(path, new, symlinks=True)
            continue
        shutil.copy2(path, new)
        for ending in _COMPANIONS:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                shutil.copy2(beside, folder / beside.name)


def link_inside(paths: Iterable[Path], copies: Path, start: Path, folder: Path) -> None:
    """Lets a folder that stands for the start folder show the copies of what lies in that, beside the rest of it."""
    for path in paths:
        here = Path(os.path.abspath(path))
        if start not in here.parents:
            continue
        at, real = folder, start
        for part in here.relative_to(start).parts[:-1]:
            at, real = at / part, real / part
            if at.is_symlink():
                at.unlink()
            at.mkdir(exist_ok=True)
            for item in os.scandir(real):
                if not item.name.startswith(".") and not os.path.lexists(at / item.name):
                    os.symlink(os.path.abspath(item.path), at / item.name)
        new = at / here.name
        if new.is_symlink():
            new.unlink()
        os.symlink(copies / here.name, new)
