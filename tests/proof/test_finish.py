"""The end of the monolith on the example: seven services and the core answer as it did, and all can be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.extraction.trees import read_tree
from tests.proof.conftest import OWN, copy_example, run, told

pytestmark = pytest.mark.proof
REST = '\n[finish]\nrest = "blockchain"\n'
CONTEXTS = ("agent-management", "ai-models", "blockchain", "computing", "enterprise", "identity", "payment")
TESTS = "apps/coordinator-api/tests"
DATA = ("--data", "data", "--env", "COORDINATOR_DATABASE_URL=sqlite:///{data}/data/x.db", "--examples", "2")


def holds(root: Path) -> None:
    """Every certificate holds, own tests included."""
    lines = [line for line in told(root, "verify").splitlines() if line.startswith("The certificate")]
    assert len(CONTEXTS) + 1 == len(lines) == sum(line.startswith("The certificate holds") for line in lines)


@pytest.mark.parametrize("config", ["", OWN], ids=["app", "own package"])
def test_the_example_without_its_monolith(config: str, tmp_path: Path) -> None:
    """Every operation is answered as it was, by services alone; the own tests pass, and no service is too large."""
    root = copy_example(tmp_path / "example", config + REST)
    (root / "data").mkdir()
    told(root, "verify", "--baseline", "--python", sys.executable, "--tests", TESTS)
    told(root, "extract", "--all")
    extracted = read_tree(root)
    told(root, "finish", "announce", "--sunset", "2099-12-31")
    holds(root)
    for context in CONTEXTS:
        told(root, "route", context, "--to", "service")
    steps = ("nginx", "compose", "systemd", "prometheus")
    for step in steps:
        told(root, "finish", step)
    holds(root)
    asked = told(root, "smoke", *DATA)
    assert "none differently" in asked and "blockchain                17" in asked
    tests = f"{sys.executable} -m pytest -q -p no:cacheprovider apps/between-services"
    assert "47 passed" in told(root, "up", "--run", tests)
    own = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], text=True,
                         cwd=root / "apps/coordinator-api", capture_output=True)  # fmt: skip
    assert 0 == own.returncode, own.stdout
    assert "service-over-limit" not in run(root, "check", "limits").stdout
    for _ in (*steps, "announce"):
        told(root, "rollback")
    after = read_tree(root)
    assert extracted == {path: entry for path, entry in after.items() if path in extracted or "/flags/" not in path}
