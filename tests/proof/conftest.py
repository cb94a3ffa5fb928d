"""Applications with everything taken out, made once for all workers, and how commands are run on copies of them."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from decomposer import app, verifying
from decomposer.verifying import Wish
from decomposer.verifying.assembling import Seen
from tests.conftest import EXAMPLE, write_replica

IGNORED = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".git")


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a command prints in a repository."""
    return subprocess.run([sys.executable, "-m", "decomposer", *words], cwd=root, capture_output=True, text=True)


def told(root: Path, *words: str) -> str:
    """The standard output of a command that has to succeed."""
    done = run(root, *words)
    assert 0 == done.returncode, f"{' '.join(words)}: {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
    return done.stdout


OWN = """source = "apps/coordinator-api/src"
package = "app"
entry = ["app.main:app"]

[service]
package = "{context}"
"""
"""The configuration by which each service has a package of its own."""
WAYS = pytest.mark.parametrize("config", ["", OWN], ids=["app", "own package"], scope="session")
"""Both ways of naming the services' packages."""


def copy_example(root: Path, config: str) -> Path:
    """A fresh copy of the example, with a configuration where one is given."""
    shutil.copytree(EXAMPLE, root, ignore=IGNORED)
    if config:
        (root / "decompose.toml").write_text(config)
    return root


@dataclass(frozen=True)
class Extracted:
    """The example with the core and all contexts taken out, and what was seen of it without wheels."""

    root: Path
    seen: Seen


@contextmanager
def shared_folder(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all workers of a run have in common, by its name, for one of them at a time."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


REPLICA = "replica"
EXAMPLES = {"example": "", "example, own packages": OWN}
"""The example by how the services' packages are named."""


def taken_apart(source: str, factory: pytest.TempPathFactory) -> Path:
    """An application that everything has left, made once for all workers, which only read it.

    `source` is one of the EXAMPLES, REPLICA, or the folder of another one.
    """
    with shared_folder(factory, f"apart-{source.replace('/', '_')}") as folder:
        root = folder / "repository"
        if not (folder / "done").exists():
            if source == REPLICA:
                write_replica(root, "bootable")
            elif source in EXAMPLES:
                copy_example(root, EXAMPLES[source])
            else:
                left_out = shutil.ignore_patterns("__pycache__", ".git", ".decompose")
                shutil.copytree(source, root, symlinks=True, ignore=left_out)
            told(root, "extract", "--all")
            (folder / "done").touch()
        return root


@pytest.fixture(scope="session")
def extracted(config: str, tmp_path_factory: pytest.TempPathFactory) -> Extracted:
    """The example, taken apart and looked at once for all workers."""
    with shared_folder(tmp_path_factory, "seen-own" if config else "seen-app") as folder:
        root, kept = folder / "repository", folder / "seen.pickle"
        if not kept.exists():
            copy_example(root, config)
            told(root, "verify", "--baseline", "--python", sys.executable)
            told(root, "extract", "--all")
            kept.write_bytes(pickle.dumps(_look(root)))
        return Extracted(root, pickle.loads(kept.read_bytes()))


def _look(root: Path) -> Seen:
    caught: list[Seen] = []
    look: Callable[..., Seen] = verifying._look
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifying, "_look", lambda *given: caught.append(look(*given)) or caught[0])
        certificates = app.verify(app.Options(repo=root), Wish(sys.executable, wheels=False), (), ())
    assert [] == [(c.subject, check) for c in certificates for check in c.checks if check.state == "fails"]
    return caught[0]
