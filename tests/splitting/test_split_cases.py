"""How long modules fall apart, one case in `tests/cases/split` each, byte for byte.

With the environment variable DECOMPOSE_UPDATE set, what is expected is written anew: look at what `git diff` says then.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.extraction.trees import apply_changes, git_apply, read_tree, write_tree
from tests.splitting.split_cases import CASES, read_case, write_case


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_case_ends_as_it_is_written(path: Path, tmp_path: Path) -> None:
    """A case's files end as it says, byte for byte and mode for mode; all others stay; its problems are told."""
    case, root = read_case(path), tmp_path / "copy"
    write_tree(root, case.before)
    found = case.plan(root)
    tree = apply_changes(case.before, found.change_set)
    told = "".join(f"{problem.render()}\n" for problem in found.problems)
    if os.environ.get("DECOMPOSE_UPDATE"):
        write_case(path, tree, told)
        case = read_case(path)
    assert case.after == tree
    assert case.told == told
    git_apply(root, found.change_set)
    assert tree == read_tree(root)


@pytest.mark.parametrize("path", [path for path in CASES if read_case(path).into is None], ids=lambda path: path.stem)
def test_a_second_run_changes_nothing(path: Path, tmp_path: Path) -> None:
    """What was split into parts that fit is not split again."""
    case, root = read_case(path), tmp_path / "copy"
    write_tree(root, case.after)
    assert () == case.plan(root).change_set.changes
