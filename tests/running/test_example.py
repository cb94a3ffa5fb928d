"""The example with all seven services in packages of their own, served and asked: signed in, on copies of a database.

Under the monolith's own name they are asked by `decompose demo`, and when the monolith has ended.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.app.running import smoke, up
from decomposer.running.smoking import Ask
from decomposer.verifying import Wish
from tests.conftest import make_git
from tests.proof.conftest import OWN, copy_example, told
from tests.running.processes import processes_of
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]
SERVICES = ["agent-management", "ai-models", "blockchain", "computing", "enterprise", "identity", "payment"]
SIGN_IN = """
from fastapi.testclient import TestClient
from app.main import app

with TestClient(app) as client:
    who = {"email": "ada@example.org", "password": "correct horse"}
    assert 201 == client.post("/v1/users", json=who).status_code
    print(client.post("/v1/users/login", json=who).json()["token"])
"""


def test_all_services_answer_as_the_monolith_does(tmp_path: Path) -> None:
    """Seven services behind nginx give every answer that the monolith gives; `up` serves them until it is left."""
    root, data = copy_example(tmp_path / "example", OWN), tmp_path / "data.db"
    make_git(root)
    token = _sign_in(root, data)
    told(root, "verify", "--baseline", "--python", sys.executable)
    told(root, "extract", "--all")
    options = app.Options(repo=root)
    wish = Wish(sys.executable, {"COORDINATOR_DATABASE_URL": "sqlite:///{data}/data.db"}, 90)
    found = smoke(options, wish, (), Ask(data=(data,), examples=3, headers=(("authorization", f"Bearer {token}"),)))
    assert [] == [(one.operation, one.place, one.before, one.after) for one in found.differences]
    assert [*SERVICES, ""] == [of.context for of in found.contexts]
    assert 76 == sum(of.operations for of in found.contexts)
    assert sum(of.reached for of in found.contexts) > 38
    assert all(of.reached for of in found.contexts)
    assert found.linked > 40
    given = Wish(sys.executable, {"COORDINATOR_DATABASE_URL": f"sqlite:///{data}"}, 90)
    with up(options, given, (), (), 0) as stack:
        assert {"monolith", "nginx", *SERVICES} == set(stack.all)
        assert [] == list(stack.servers.dead())
    assert [] == processes_of(root)


def _sign_in(root: Path, data: Path) -> str:
    """A database with a user in it, and what the user shows from then on."""
    path = os.pathsep.join(map(str, (root / "apps/coordinator-api/src", root)))
    environment = {**os.environ, "PYTHONPATH": path, "COORDINATOR_DATABASE_URL": f"sqlite:///{data}",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", SIGN_IN], env=environment, capture_output=True, text=True, cwd=root)
    assert 0 == done.returncode, done.stderr
    return done.stdout.split()[-1]
