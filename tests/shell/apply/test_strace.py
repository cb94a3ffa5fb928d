"""The same faults put in by `strace` between the process and the kernel, and that nothing else changes the disk.

A sample by default; DECOMPOSE_FAULTS=all has every call, which takes some minutes.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.shell.apply import apply_changes, recover
from decomposer.shell.history import rollback_change
from tests.conftest import ROOT
from tests.shell.apply.faults import Fault, dies, failing
from tests.shell.apply.trees import NEW, OLD, changes, snapshot, write_tree

KINDS = {
    "openat": ("make_file", "open_lock"), "write": ("write",), "ftruncate": ("truncate",), "fsync": ("flush",),
    "fchmod": ("set_permissions",), "fchown": ("set_owner",), "symlinkat": ("make_link",), "renameat": ("rename",),
    "renameat2": ("rename",), "unlinkat": ("remove", "remove_folder"), "mkdirat": ("make_folder",),
}  # fmt: skip
"""System calls that change something, and the functions that make them."""

OTHERS = (
    "open", "creat", "pwrite64", "writev", "pwritev", "truncate", "fallocate", "fdatasync", "chmod", "fchmodat",
    "chown", "lchown", "fchownat", "symlink", "link", "linkat", "rename", "unlink", "rmdir", "mkdir", "mknod",
    "mknodat", "utimensat", "setxattr", "fsetxattr", "copy_file_range", "sendfile",
)  # fmt: skip
"""System calls that change something and that nobody makes."""

FAULTS = {"kill": "signal=KILL", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}
EVERY = os.environ.get("DECOMPOSE_FAULTS") == "all"
WORK = {
    "apply": lambda root: apply_changes(root, changes(OLD, NEW), "all kinds of change"),
    "rollback": rollback_change,
    "recover": recover,
}
Call = tuple[str, int]
"""A system call that changes something below a folder, and the how manieth of its name it is in the process."""


def works() -> bool:
    """Whether processes may be traced here."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not works(), reason="strace is not installed or not allowed")


@pytest.fixture(params=WORK)
def step(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def start(tmp_path: Path, step: str) -> Iterator[Path]:
    """A repository before a step, in memory where that is possible."""
    memory = Path("/dev/shm")
    base = memory / f"decompose-strace-{os.getpid()}" if os.access(memory, os.W_OK) else tmp_path / "base"
    shutil.rmtree(base, ignore_errors=True)
    root = base / "start"
    write_tree(root, OLD)
    if step == "rollback":
        WORK["apply"](root)
    elif step == "recover":
        with failing(Fault()) as counted:
            WORK["apply"](copy(root))
        assert dies(Fault(len(counted.calls) - 3), lambda: WORK["apply"](root))
        assert snapshot(root) == NEW  # all but committed: there is most to undo
    yield root
    shutil.rmtree(base)


def copy(root: Path) -> Path:
    """A fresh copy, always at the same place."""
    target = root.parent / "copy"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(root, target, symlinks=True)
    return target


def trace(step: str, root: Path, *options: str) -> int:
    """Runs a step under strace and gives its exit code, negative for a signal."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    command = ["strace", "-f", "-qq", *options, sys.executable, "-m", "tests.shell.apply.driver", step]
    return subprocess.run([*command, str(root)], env=environment, capture_output=True, check=False).returncode


@functools.cache
def state_changing(step: str, root: Path) -> list[Call]:
    """Every call of a step that changes something in the repository, in order: the same ones each time."""
    log = root.parent / "log"
    names = ",".join(f"?{name}" for name in (*KINDS, *OTHERS))
    assert 0 == trace(step, root, "--seccomp-bpf", "-y", "-o", str(log), "-e", f"trace={names}")
    found: list[Call] = []
    counted = dict.fromkeys((*KINDS, *OTHERS), 0)
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"\d+ +(\w+)\(", line)
        assert match is not None, line
        name = match[1]
        counted[name] += 1
        if str(root) in line and (name != "openat" or re.search(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC", line)):
            found.append((name, counted[name]))
    return found


def test_the_calls_that_tests_let_fail_are_all_there_are(step: str, start: Path) -> None:
    """The calls that strace sees, one by one, are those that `calls` makes: no other changes anything."""
    seen = [name for name, _ in state_changing(step, copy(start))]
    with failing(Fault()) as fault:
        WORK[step](copy(start))
    assert len(fault.calls) == len(seen)
    assert all(made in KINDS.get(name, ()) for name, made in zip(seen, fault.calls, strict=True))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_a_system_call_leaves_the_old_or_the_new_tree(step: str, start: Path, fault: str) -> None:
    """Kill -9, ENOSPC and EIO from the kernel's side: after the next run the tree is whole."""
    calls = state_changing(step, copy(start))
    middle = len(calls) // 2 + list(FAULTS).index(fault) * 7  # not the same ones for each fault
    for name, number in calls if EVERY else calls[middle :: len(calls) // 3]:
        root = copy(start)
        log = root.parent / "log"
        quick = () if fault == "kill" else ("--seccomp-bpf",)  # with which strace sends no signals
        code = trace(step, root, *quick, "-o", str(log), "-e", f"trace={name}", "-e",
                     f"inject={name}:{FAULTS[fault]}:when={number}")  # fmt: skip
        assert code in ((-9, 137) if fault == "kill" else (0, 1))
        assert ("killed by SIGKILL" if fault == "kill" else "(INJECTED)") in log.read_text(errors="replace")
        recover(root)
        assert snapshot(root) in ((OLD,) if step == "recover" else (OLD, NEW))
        assert not (root / ".decompose/unfinished").exists()
        apply_changes(root, changes(OLD, NEW), "again")
        assert NEW == snapshot(root)
