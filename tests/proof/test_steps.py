"""Every step in its order: the certificate of what has left holds after each, and all of them can be taken back."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from decomposer.shell.locate import data_folder
from tests.extraction.trees import Tree, read_tree
from tests.proof.conftest import IGNORED, OWN, WAYS, copy_example, told

pytestmark = pytest.mark.proof
STEPS = ("core", *sorted(path.stem for path in data_folder("rules").glob("*.toml") if path.stem != "core"))


def tree(root: Path) -> Tree:
    """A repository without what the tool keeps in it."""
    return {path: entry for path, entry in read_tree(root).items() if not path.startswith(".decompose/")}


def take_back(root: Path, trees: list[Tree]) -> None:
    """Takes back change after change: each gives the tree that was there before it, byte for byte."""
    for before in reversed(trees):
        told(root, "rollback")
        assert before == tree(root)


@WAYS
def test_each_step_of_the_example(config: str, tmp_path: Path) -> None:
    """The example: a certificate of everything that has left holds after each step, its own tests included.

    After every second step under each way of naming packages, which takes turns with the other.
    """
    root = copy_example(tmp_path / "example", config)
    python = ("--python", sys.executable)
    told(root, "verify", "--baseline", "--startup", "--tests", "apps/coordinator-api/tests", *python)
    trees: list[Tree] = []
    for number, step in enumerate(STEPS, 1):
        trees.append(tree(root))
        told(root, "extract", step)
        if number % 2 != bool(config):
            continue
        after = tree(root)
        verdicts = [line for line in told(root, "verify", *python).splitlines() if line.startswith("The certificate")]
        assert number == len(verdicts) == sum(line.startswith("The certificate holds") for line in verdicts)
        assert after == tree(root)
    take_back(root, trees)


def test_all_steps_of_the_replica(replica: Path, tmp_path: Path) -> None:
    """The full-size replica: everything at once, of which all certificates hold, and taken back step by step.

    Each service in a package of its own, for which more is written anew.
    """
    root = Path(shutil.copytree(replica, tmp_path / "replica", ignore=IGNORED))
    (root / "decompose.toml").write_text(OWN)
    runs = ("--python", sys.executable, "--path", "stubs")
    told(root, "verify", "--baseline", *runs)
    before = tree(root)
    told(root, "extract", "--all")
    after = tree(root)
    verdicts = [line for line in told(root, "verify", *runs).splitlines() if line.startswith("The certificate")]
    assert len(STEPS) == len(verdicts) == sum(line.startswith("The certificate holds") for line in verdicts)
    assert after == tree(root)
    for _ in STEPS:
        told(root, "rollback")
    assert before == tree(root)
