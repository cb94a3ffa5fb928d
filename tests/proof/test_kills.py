"""`extract --all` that is killed at any instant is finished or taken back by the next run."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.extraction.trees import Tree
from tests.proof.conftest import IGNORED, told
from tests.proof.test_steps import tree

pytestmark = pytest.mark.proof
KILLS = 4


def copy(root: Path) -> Path:
    """A fresh copy of the example."""
    return Path(shutil.copytree(EXAMPLE, root, ignore=IGNORED))


def start(root: Path) -> subprocess.Popen[bytes]:
    """A process that takes everything out."""
    command = [sys.executable, "-m", "decomposer", "extract", "--all"]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def steps_done(root: Path) -> int:
    """How many steps a history tells of."""
    history = root / ".decompose/history"
    return len(list(history.iterdir())) if history.exists() else 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, float, int]:
    """The tree of a run that was not disturbed, how long it took, and in how many steps."""
    root = copy(tmp_path_factory.mktemp("undisturbed") / "example")
    started = time.monotonic()
    told(root, "extract", "--all")
    return tree(root), time.monotonic() - started, steps_done(root)


def test_killed_at_any_instant(undisturbed: tuple[Tree, float, int], tmp_path: Path) -> None:
    """Whenever it is killed, running it again ends with the tree of a run that was not disturbed.

    The instants are spread over the whole run: each is somewhere in its part of it.
    """
    expected, took, _ = undisturbed
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for number in range(KILLS):
        root = copy(tmp_path / f"killed-{number}")
        process = start(root)
        time.sleep(took * (number + chance.random()) / KILLS)
        process.kill()
        process.wait()
        told(root, "extract", "--all")
        assert expected == tree(root), f"kill {number}, seed {seed}"


@pytest.mark.parametrize("at", [0, 3, 7])
def test_killed_while_a_step_is_written(undisturbed: tuple[Tree, float, int], tmp_path: Path, at: int) -> None:
    """Killed in the midst of a step's writing: a second run makes it and the rest, and each can be taken back."""
    expected, _, steps = undisturbed
    for attempt in range(20):  # the last step may be made before it is killed
        root = copy(tmp_path / f"killed{attempt}")
        process = start(root)
        unfinished = root / ".decompose/unfinished"
        while process.poll() is None and not (steps_done(root) >= at and unfinished.exists()):
            time.sleep(0.0005)
        time.sleep(random.random() / 100)
        process.kill()
        if -signal.SIGKILL == process.wait() and steps > steps_done(root):
            break
    assert steps > steps_done(root) >= at
    told(root, "extract", "--all")
    assert expected == tree(root)
    for _ in range(steps):
        told(root, "rollback")
    assert tree(EXAMPLE) == tree(root)
