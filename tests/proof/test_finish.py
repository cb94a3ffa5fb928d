"""The end of the monolith on the example: seven services and the core answer as it did, and all can be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app.running import smoke, up
from decomposer.running.smoking import Ask
from decomposer.verifying import Wish
from tests.proof.conftest import run, told
from tests.proof.test_steps import tree
from tests.running.test_example_calls import API, CONTEXTS, calling, calls_alone, holding, owners_are_asked, seeded
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]
RETIRED = ("nginx", "compose", "systemd", "prometheus")


def test_the_example_without_its_monolith(tmp_path: Path) -> None:
    """Every operation is answered as it was, by services alone, which call each other; no service is too large.

    The example's own tests pass, and of what services call of each other nothing answers while its owner is stopped.
    """
    root, data = tmp_path / "example", tmp_path / "data.db"
    calling(root, '\n[finish]\nrest = "blockchain"\n')
    seed = seeded(root, data)
    told(root, "verify", "--baseline", "--python", sys.executable, "--tests", f"{API}/tests")
    told(root, "extract", "--all")
    calls_alone(root)
    extracted = tree(root)
    told(root, "finish", "announce", "--sunset", "2099-12-31")
    assert 1 + len(CONTEXTS) == holding(root)
    for context in CONTEXTS:
        told(root, "route", context, "--to", "service")
    for step in RETIRED:
        told(root, "finish", step)
    assert 1 + len(CONTEXTS) == holding(root)
    assert "service-over-limit" not in run(root, "check", "limits").stdout
    _is_answered_as_before(root)
    _is_asked_of_owners(root, data, seed)
    own = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"], text=True,
                         cwd=root / API, capture_output=True)  # fmt: skip
    assert 0 == own.returncode, own.stdout
    for _ in (*RETIRED, "announce"):
        told(root, "rollback")
    after = tree(root)
    assert extracted == {path: entry for path, entry in after.items() if path in extracted or "/flags/" not in path}


def _is_answered_as_before(root: Path) -> None:
    """By services behind nginx, for every operation that the monolith has; and by the tests that were rendered."""
    found = smoke(app.Options(repo=root), Wish(sys.executable, {}, 90), (), Ask(examples=2))
    assert [] == [(one.operation, one.place, one.before, one.after) for one in found.differences]
    assert {*CONTEXTS} == {of.context for of in found.contexts}
    command = f"{sys.executable} -m pytest -q -p no:cacheprovider apps/between-services"
    assert "52 passed" in told(root, "up", "--run", command)


def _is_asked_of_owners(root: Path, data: Path, seed: dict[str, str]) -> None:
    """What a context calls of another comes over HTTP: not while the owner is stopped, and again when it goes on."""
    wish = Wish(sys.executable, {"COORDINATOR_DATABASE_URL": f"sqlite:///{data}", "INTERNAL_TIMEOUT": "1.5"}, 90)
    with up(app.Options(repo=root), wish, (), (), 0) as stack:
        assert {"nginx", *CONTEXTS} == {*stack.all}
        owners_are_asked(stack, seed)
