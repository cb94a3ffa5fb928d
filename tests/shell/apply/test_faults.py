"""Whatever call is the last one or fails, of apply, rollback and recovery: the tree is the old or the new one."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from decomposer.model.problems import DecomposerError
from decomposer.shell.apply import apply_changes, recover
from decomposer.shell.history import history, rollback_change
from tests.shell.apply.faults import KILL, Fault, dies, failing
from tests.shell.apply.trees import NEW, OLD, changes, snapshot, write_tree

CHANGES = changes(OLD, NEW)
KILLED = Fault(error=KILL, partly=True)
ONCE = Fault(error=errno.ENOSPC, partly=True)
EFFECTIVE = Fault(error=errno.EIO, after=True)
LASTING = Fault(error=errno.EIO, lasting=True)
Work = Callable[[Path], object]
SAMPLED = pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.proof)], ids="every {}th call".format)
"""A sample of the calls every day, all of them where the proof is."""


def apply(root: Path) -> object:
    return apply_changes(root, CHANGES, "all kinds of change")


def roll_back(root: Path) -> object:
    return rollback_change(root)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: what is tested here is the order of calls, not the disk."""
    memory = Path("/dev/shm")
    base = memory if os.access(memory, os.W_OK) else Path(os.environ.get("TMPDIR", "/tmp"))
    folder = base / f"decompose-faults-{os.getpid()}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def old(place: Path) -> Path:
    """A repository before the change."""
    write_tree(place / "old", OLD)
    return place / "old"


@pytest.fixture
def new(old: Path) -> Path:
    """A repository after the change."""
    copied = copy(old, "new")
    apply(copied)
    assert NEW == snapshot(copied)
    return copied


def copy(root: Path, name: str = "copy") -> Path:
    """A fresh copy beside a repository."""
    target = root.parent / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root, target, symlinks=True)
    return target


def count(root: Path, work: Work) -> int:
    """How many calls that change something some work makes."""
    with failing(Fault()) as fault:
        work(copy(root))
    return len(fault.calls)


def check_whole(root: Path, goes_on: bool) -> None:
    """Checks that the next run finds the old or the new tree, leaves nothing behind, and can go on (if asked to)."""
    recover(root)
    found = snapshot(root)
    assert found in (OLD, NEW)
    assert not (root / ".decompose/unfinished").exists()
    assert sum(record.state == "applied" and not record.undoes for record in history(root)) == (found == NEW)
    if goes_on:
        apply(root)
        assert NEW == snapshot(root)


def check_kills(start: Path, work: Work, every: int = 1) -> None:
    """Kills some work before its calls (which is after the one before), and after the last one."""
    calls = count(start, work)
    for fault in (*(replace(KILLED, at=at) for at in range(1, calls + 1, every)), Fault(calls, after=True)):
        root = copy(start)
        assert dies(fault, lambda root=root: work(root))
        check_whole(root, fault.at % 5 == 0)


def check_errors(start: Path, work: Work, fault: Fault, source: object, target: object, every: int) -> None:
    """Lets calls of some work fail in one way."""
    for at in range(1, count(start, work) + 1, every):
        root = copy(start)
        check_failed(root, work, replace(fault, at=at), source, target)
        check_whole(root, at % 5 == 0)


def check_failed(root: Path, work: Work, fault: Fault, source: object, target: object) -> None:
    """Checks that work which meets an error tells the truth about what it left."""
    with failing(fault), pytest.raises(DecomposerError) as caught:
        work(root)
    if (root / ".decompose/unfinished/journal.json").exists():
        assert re.search("half-made|cannot be told", str(caught.value))
    elif "the change is made" in str(caught.value):
        assert target == snapshot(root)
    else:
        assert source == snapshot(root)


@SAMPLED
def test_a_run_killed_at_any_call_leaves_the_old_or_the_new_tree(old: Path, every: int) -> None:
    """Kill -9 before any call of apply and after the last, in the midst of a write: the next run has a whole tree."""
    check_kills(old, apply, every)


@pytest.mark.proof
def test_a_rollback_killed_at_any_call_leaves_the_old_or_the_new_tree(new: Path) -> None:
    """Kill -9 before any call of rollback and after the last."""
    check_kills(new, roll_back)


@SAMPLED
@pytest.mark.parametrize("fault", [ONCE, EFFECTIVE, LASTING], ids=["once", "effective", "lasting"])
def test_an_error_at_any_call_is_undone_at_once_or_by_the_next_run(old: Path, fault: Fault, every: int) -> None:
    """ENOSPC and EIO at any call of apply: once, with the call's effect, and for good."""
    check_errors(old, apply, fault, OLD, NEW, every)


@SAMPLED
@pytest.mark.parametrize("fault", [ONCE, EFFECTIVE], ids=["once", "effective"])
def test_an_error_at_any_call_of_a_rollback_is_undone(new: Path, fault: Fault, every: int) -> None:
    """ENOSPC and EIO at any call of rollback."""
    check_errors(new, roll_back, fault, NEW, OLD, every)


@pytest.mark.parametrize("work", [apply, roll_back])
@pytest.mark.proof
def test_a_recovery_that_is_killed_or_fails_is_ended_by_the_next_one(old: Path, new: Path, work: Work) -> None:
    """Kill -9, ENOSPC and EIO at any call of recovery, after a run that was killed in its midst or at the end."""
    start, source = (old, OLD) if work is apply else (new, NEW)
    calls = count(start, work)
    for killed, faults in ((calls * 2 // 3, (ONCE, EFFECTIVE)), (calls - 2, (KILLED, ONCE, EFFECTIVE))):
        torn = copy(start, "torn")
        assert dies(Fault(killed), lambda torn=torn: work(torn))
        for at in range(1, count(torn, recover) + 1):
            for fault in faults:
                root = copy(torn)
                if fault is KILLED:
                    assert dies(replace(fault, at=at), lambda root=root: recover(root))
                else:
                    with failing(replace(fault, at=at)), pytest.raises(DecomposerError):
                        recover(root)
                recover(root)
                assert source == snapshot(root)
                assert not (root / ".decompose/unfinished").exists()


def test_there_are_hundreds_of_faults(old: Path, new: Path) -> None:
    """Over apply, rollback and recovery, the tests above let some call fail or be the last at least 200 times each way.

    That is with the proof's among them. Those that strace puts in, in `test_strace`, come on top.
    """
    applied, rolled_back = count(old, apply), count(new, roll_back)
    torn = copy(old, "torn")
    assert dies(Fault(applied - 2), lambda: apply(torn))
    recovered = count(torn, recover)
    kills = (applied + 1) + (rolled_back + 1) + recovered
    errors = 3 * applied + 2 * rolled_back + 2 * recovered
    print(f"{kills} kills and {errors} errors over {applied} calls of apply, {rolled_back} of rollback, {recovered} of "
          "recovery")  # fmt: skip
    assert kills >= 200 and errors >= 200


def test_an_interrupted_run_undoes_what_it_did(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the midst of the renames: the tree is the old one when the process ends."""
    from decomposer.shell.transaction import calls

    real, seen = calls.rename, []

    def rename(*arguments: object) -> None:
        seen.append(arguments)
        if len(seen) == 12:
            raise KeyboardInterrupt
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(calls, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        apply(old)
    assert OLD == snapshot(old)
    assert not (old / ".decompose/unfinished").exists()
