"""What every tool is given, and what most of them need: the file moved as a person would move it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


class ToolFailure(Exception):
    """A tool that could not do its work, in its own words."""


@dataclass(frozen=True, slots=True)
class Move:
    """One module to move: `source` is the folder below `project` that is on the path."""

    project: Path
    source: Path
    old: str
    new: str

    @property
    def old_path(self) -> Path:
        """The module's file, or its folder if it is a package."""
        folder = self.source.joinpath(*self.old.split("."))
        return folder if folder.is_dir() else folder.with_suffix(".py")

    @property
    def new_path(self) -> Path:
        """Where that is to be."""
        folder = self.source.joinpath(*self.new.split("."))
        return folder if self.old_path.is_dir() else folder.with_suffix(".py")


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: `version` gives None where it is not installed.

    One that was told to leave no alias is spared the cases that cannot do without the old path.
    """

    version: Callable[[], str | None]
    move: Callable[[Move], None]
    without_alias: bool = False


def prepare_folder(move: Move) -> None:
    """Makes the new home; a package if the old home is one."""
    home = move.new_path.parent
    regular = (move.old_path.parent / "__init__.py").exists()
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    home.mkdir(parents=True, exist_ok=True)
    for folder in missing if regular else ():
        (folder / "__init__.py").touch()


def relocate(move: Move) -> None:
    """Moves the file or folder and changes nothing in it."""
    prepare_folder(move)
    shutil.move(move.old_path, move.new_path)


def text_files(project: Path) -> Iterator[tuple[Path, str]]:
    """Every file of a program that is text, with its text; line ends as they are."""
    for path in sorted(project.rglob("*")):
        if path.is_file():
            try:
                yield path, path.read_bytes().decode()
            except UnicodeDecodeError:
                continue
