"""Trees of files as values: read from a folder, written to one, changed by a change set or by `git apply`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from decomposer.changeset import ChangeSet
from decomposer.report.patch import render_patch

Tree = dict[str, tuple[str, bytes]]
"""Git's mode and the bytes of every file by path; those of a symbolic link are its target."""
SKIPPED = frozenset({".git", "__pycache__", ".pytest_cache"})


def read_tree(root: Path) -> Tree:
    """All files below a folder, without what Python and git keep there."""
    found: Tree = {}
    for folder, folders, names in os.walk(root):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in SKIPPED and name not in links]
        for name in [*names, *links]:
            path = Path(folder) / name
            found[path.relative_to(root).as_posix()] = _entry(path)
    return found


def _entry(path: Path) -> tuple[str, bytes]:
    if path.is_symlink():
        return "120000", os.fsencode(os.readlink(path))
    return "100755" if os.access(path, os.X_OK) else "100644", path.read_bytes()


def write_tree(root: Path, tree: Mapping[str, tuple[str, bytes]]) -> None:
    """Writes a tree to a folder that holds nothing else afterwards."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for name, (mode, content) in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if mode == "120000":
            path.symlink_to(os.fsdecode(content))
        else:
            path.write_bytes(content)
            path.chmod(0o755 if mode == "100755" else 0o644)


def apply_changes(tree: Mapping[str, tuple[str, bytes]], change_set: ChangeSet) -> Tree:
    """The tree after a change set, which must fit the tree as it is."""
    after = dict(tree)
    for change in change_set.changes:
        present = tree.get(change.path)
        assert change.before == (None if present is None else present[1]), change.path
        assert change.mode_before == ("" if present is None else present[0]), change.path
        after.pop(change.path, None)
        if change.after is not None:
            after[change.path] = change.mode, change.after
    return after


def git_apply(root: Path, change_set: ChangeSet, *options: str) -> None:
    """Applies the printed patch of a change set to a folder, which need not be a git repository."""
    if change_set.changes:
        git_apply_patch(root, render_patch(change_set), *options)


def git_apply_patch(root: Path, patch: bytes, *options: str) -> None:
    """Applies a patch to a folder, with nobody's own settings of git."""
    env = os.environ | {"GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_CONFIG_GLOBAL": os.devnull,
                        "GIT_CONFIG_SYSTEM": os.devnull}  # fmt: skip
    done = subprocess.run(["git", "apply", *options, "-"], cwd=root, input=patch, env=env, capture_output=True)
    assert 0 == done.returncode, done.stderr.decode()
