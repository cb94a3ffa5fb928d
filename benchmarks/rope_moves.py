"""Moves modules with rope in one process: `rope_moves.py ROOT SOURCE TARGET FILE…`, all below ROOT."""

from __future__ import annotations

import sys


def main() -> None:
    """Moves each file into the folder TARGET, one after another, as an editor would."""
    from rope.base.project import Project
    from rope.refactor.move import MoveModule

    root, source, target, *files = sys.argv[1:]
    project = Project(root, ropefolder=None, source_folders=[source])
    try:
        for file in files:
            changes = MoveModule(project, project.get_resource(file)).get_changes(project.get_resource(target))
            project.do(changes)
    finally:
        project.close()


if __name__ == "__main__":
    main()
