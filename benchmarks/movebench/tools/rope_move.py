"""Rope: its MoveModule, then its Rename where the last part of the name changes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from benchmarks.movebench.tools.moving import Move, prepare_folder


def version() -> str | None:
    """The version, if it is installed."""
    try:
        return installed("rope")
    except PackageNotFoundError:
        return None


def move(move: Move) -> None:
    """Moves as an editor that uses rope does."""
    from rope.base.project import Project
    from rope.refactor.move import MoveModule
    from rope.refactor.rename import Rename

    prepare_folder(move)
    path, home, last = move.old_path, move.new_path.parent, move.new.rpartition(".")[2]
    project = Project(str(move.project), ropefolder=None)
    try:
        if home != path.parent:
            resource = project.get_resource(path.relative_to(move.project).as_posix())
            folder = project.get_resource(home.relative_to(move.project).as_posix())
            project.do(MoveModule(project, resource).get_changes(folder))
        if last != path.stem:
            moved = project.get_resource((home / path.name).relative_to(move.project).as_posix())
            project.do(Rename(project, moved).get_changes(last))
    finally:
        project.close()
