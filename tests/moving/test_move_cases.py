"""Every way in which a module is named, one file in `tests/cases/move` each: what is respelled, byte for byte.

With the environment variable DECOMPOSE_UPDATE set, what is expected is written anew: look at what `git diff` says then.
"""

from __future__ import annotations

import ast
import os
import subprocess
from pathlib import Path

import pytest

from decomposer.changeset import ChangeSet
from decomposer.model.problems import DecomposerError
from decomposer.report.patch import render_patch
from tests.extraction.trees import apply_changes, git_apply, read_tree, write_tree
from tests.moving.move_cases import CASES, MoveCase, read_case, undated, write_case

READ = {path: read_case(path) for path in CASES}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where a case's files are written to, in a folder whose name may be mistaken for nothing."""
    return tmp_path / "copy"


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest, root: Path) -> MoveCase:
    """Each case, its files written down."""
    write_tree(root, READ[request.param].before)
    return READ[request.param]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_case_ends_as_it_is_written(path: Path, root: Path) -> None:
    """A case's files end as it says, byte for byte and mode for mode; all others stay; its problems are told."""
    case = READ[path]
    write_tree(root, case.before)
    found = case.plan(root)
    tree = undated(apply_changes(case.before, found.change_set))
    told = "".join(f"{problem.render()}\n" for problem in found.problems)
    if os.environ.get("DECOMPOSE_UPDATE"):
        write_case(path, tree, told)
        case = read_case(path)
    assert case.after == tree
    assert case.told == told


def test_what_comes_out_is_python(case: MoveCase, root: Path) -> None:
    """Every Python file that parsed before parses afterwards."""
    after = apply_changes(case.before, case.plan(root).change_set)
    assert [] == [path for path, (_, content) in after.items() if path.endswith(".py") and not parses(content)]


def parses(source: bytes) -> bool:
    """Whether a source is Python."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def test_planning_is_stable_and_writes_nothing(case: MoveCase, root: Path) -> None:
    """The same tree gives the same patch and problems again, and is as it was."""
    first, again = case.plan(root), case.plan(root)
    assert render_patch(first.change_set) == render_patch(again.change_set)
    assert first.problems == again.problems
    assert case.before == read_tree(root.parent / "copy")


def test_a_move_is_made_once(case: MoveCase, root: Path) -> None:
    """After it the same move is refused, a repair finds nothing more, and a swap can be made again."""
    git_apply(root, case.plan(root).change_set)
    olds, news = ({pair[side] for pair in case.pairs} for side in (0, 1))
    if not case.pairs:
        assert ChangeSet() == case.plan(root).change_set
    elif olds != news:
        with pytest.raises(DecomposerError):
            case.plan(root)


def test_git_makes_of_the_patch_what_the_change_set_means(case: MoveCase, root: Path) -> None:
    """In a repository `git apply --check` takes the printed patch, and applying it makes that tree; `-R` unmakes it.

    But for a file that is moved and has another one at its old path: that is a copy, which git cannot take back.
    """
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    change_set = case.plan(root).change_set
    git_apply(root, change_set, "--check")
    git_apply(root, change_set)
    assert apply_changes(case.before, change_set) == read_tree(root)
    if b"\ncopy from " not in render_patch(change_set):
        git_apply(root, change_set, "-R")
        assert case.before == read_tree(root)


def test_the_way_back_gives_the_bytes_that_were_there(case: MoveCase, root: Path) -> None:
    """Moved back, every file that no statement was split in, and that no other reason excepts, is as it was."""
    if not case.roundtrip:
        pytest.skip("the case says nothing of the way back")
    write_tree(root, apply_changes(case.before, case.plan(root).change_set))
    git_apply(root, case.plan_back(root).change_set)
    after = read_tree(root)
    assert {} == {
        path: after.get(path) for path, entry in case.before.items()
        if entry != after.get(path) and path not in case.excepted
    }  # fmt: skip
    assert set() == {path for path in case.excepted if case.before[path] == after.get(path)}
