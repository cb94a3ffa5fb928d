"""What all tests share: small repositories from text, the example, the replica and real applications."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.ordering import longest_first

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "coordinator-api"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long tests come first, where whole applications are tried."""
    if all(item.get_closest_marker("proof") for item in items):
        items[:] = [items[number] for number in longest_first(item.name for item in items)]


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the user's own cache."""
    os.environ["DECOMPOSE_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", autouse=True)
def ctrl_c() -> None:
    """A process that a test starts can be interrupted, though a script started the tests in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def repository(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """A function that writes files, by path, into a fresh folder and gives the folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "repository"
        write_files(root, files)
        return root

    return write


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes files by path below a folder."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        full = root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="session")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full-size replica of the monolith that boots, in a git repository."""
    return make_replica(tmp_path_factory.mktemp("replica") / "bootable", "bootable")


@pytest.fixture(scope="session")
def replica_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full-size replica of the state that the plan describes, in a git repository."""
    return make_replica(tmp_path_factory.mktemp("replica") / "plan", "plan")


def make_replica(out: Path, state: str) -> Path:
    """Writes a replica and makes it a git repository."""
    write_replica(out, state)
    make_git(out)
    return out


def write_replica(out: Path, state: str) -> None:
    """Writes a replica of a state of the monolith."""
    subprocess.run(
        [sys.executable, str(ROOT / "examples" / "replica.py"), str(out), "--state", state],
        check=True, capture_output=True,
    )  # fmt: skip


def make_git(root: Path) -> None:
    """Makes a folder a git repository with everything committed."""
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=root, check=True)


def real_repositories() -> list[Path]:
    """The folders named in DECOMPOSE_REAL: checkouts of real applications, separated by colons."""
    return [Path(part) for part in os.environ.get("DECOMPOSE_REAL", "").split(":") if part]
