"""One step of a transaction as a process of its own: `python -m … apply`, `rollback` or `recover`, and the folder."""

from __future__ import annotations

import sys
from pathlib import Path

from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes, recover
from decomposer.shell.history import rollback_change
from tests.shell.apply.trees import NEW, OLD, changes

if __name__ == "__main__":
    step, root = sys.argv[1], Path(sys.argv[2])
    try:
        if step == "apply":
            apply_changes(root, changes(OLD, NEW), "all kinds of change")
        elif step == "rollback":
            rollback_change(root)
        else:
            recover(root)
    except DecomposerError:
        sys.exit(1)
