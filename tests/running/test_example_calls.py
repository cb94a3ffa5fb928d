"""The example whose contexts call each other over HTTP: certified, cut over together, and run behind nginx."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from decomposer import app
from decomposer.app.running import smoke, up
from decomposer.running.smoking import Ask
from decomposer.shell.locate import data_folder
from decomposer.verifying import Wish
from tests.conftest import make_git
from tests.proof.conftest import OWN, copy_example, told
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]
CLIENT = '\n[[dependency]]\npaths = ["services/{}.py"]\npolicy = "client"\n{}reason = "It is asked where it is kept."\n'
SESSION = 'session = "storage.db:get_session"\n'
CALLS = {
    "agent-management": [("advanced_analytics", 'idempotent = ["trend_of"]\n'), ("zk_verification", ""),
                         ("compliance_engine", SESSION)],
    "enterprise": [("agent_communication", SESSION), ("agent_performance_service", SESSION), ("payments", "")],
}  # fmt: skip
"""The modules of others that two contexts call, and what else their rules say."""
TOGETHER = ("agent-management", "ai-models", "enterprise")
API = "apps/coordinator-api"
SEED = """
from sqlmodel import Session
from app.custom_types import Role
from app.database import engine
from app.services.agent_orchestrator import AgentOrchestrator
from app.services.identity_service import IdentityService
from app.storage import init_db

init_db()
with Session(engine) as session:
    user = IdentityService(session).register("ada@example.org", "correct horse", Role.OPERATOR)
    print(AgentOrchestrator(session).create(user.id, "scribe", "summarise").id)
"""
TAKEN_OUT = {
    "pyproject.toml": ['performance = "app.services.agent_performance_service:rescore"\n'],
    f"{API}/src/app/tasks/registry.py": [
        '        "app.services.agent_performance_service",\n        "app.tasks.periodic",\n',
        '    "score every agent": {"task": "app.services.agent_performance_service.rescore", "every_seconds": 900},\n',
        '    "forget old messages": {"task": "app.tasks.periodic.prune_messages", "every_seconds": 86_400},\n',
    ],
    f"{API}/scripts/start.sh": ["python -m app.services.adaptive_learning_app &\n"],
    f"{API}/scripts/manage.py": [
        "from app.services.agent_orchestrator import AgentOrchestrator  # noqa: E402\n",
        '        agent = AgentOrchestrator(session).create(operator.id, "scribe", "summarise")\n',
        ', "agent": agent.id',
    ],
    "docker-compose.yml": ["    command: uvicorn app.services.adaptive_learning_app:app --host 0.0.0.0 --port 8016\n"],
    "systemd/coordinator-adaptive-learning.service": [],
}  # fmt: skip
"""What a team takes out of the monolith before these contexts can leave it: texts of files, or files."""


def calling(root: Path, settings: str = "") -> None:
    """The example with rules by which its contexts call each other."""
    copy_example(root, OWN.partition("\n[service]")[0] + 'rules = "rules"\n' + settings)
    shutil.copytree(data_folder("rules"), root / "rules")
    for context, called in CALLS.items():
        with (root / "rules" / f"{context}.toml").open("a") as rules:
            rules.writelines(CLIENT.format(module, more) for module, more in called)


def made(root: Path) -> None:
    """The same without what would keep its contexts in the monolith."""
    calling(root)
    for path, texts in TAKEN_OUT.items():
        text = (root / path).read_text()
        for one in texts:
            assert one in text
            text = text.replace(one, "")
        (root / path).write_text(text)
        if not texts:
            (root / path).unlink()
    make_git(root)


def holding(root: Path) -> int:
    """How many certificates hold; all have to."""
    found = [line for line in told(root, "verify").splitlines() if line.startswith("The certificate")]
    assert [] == [line for line in found if not line.startswith("The certificate holds")]
    return len(found)


def seeded(root: Path, data: Path) -> str:
    """A database with an agent in it, by its id."""
    path = os.pathsep.join(map(str, (root / API / "src", root)))
    environment = {**os.environ, "PYTHONPATH": path, "COORDINATOR_DATABASE_URL": f"sqlite:///{data}",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", SEED], env=environment, capture_output=True, text=True, cwd=root)
    assert 0 == done.returncode, done.stderr
    return done.stdout.split()[-1]


def asked(client: httpx.Client, agent: str) -> tuple[int, str, float]:
    """What the route answers that calls another context: status, text, and the seconds that it takes."""
    began = time.monotonic()
    answer = client.get(f"/v1/agents/{agent}/performance")
    return answer.status_code, answer.text, time.monotonic() - began


def test_contexts_that_call_each_other_leave_together(tmp_path: Path) -> None:
    """Certificates hold before and after the cut-over, and answers are the monolith's; then calls go over HTTP.

    An owner that is stopped is the documented error within the time-out, and nothing once it goes on.
    """
    root, data = tmp_path / "example", tmp_path / "data.db"
    made(root)
    agent = seeded(root, data)
    told(root, "verify", "--baseline", "--python", sys.executable)
    told(root, "extract", "--all")
    found = root.glob("apps/*/src/app/_clients/services/*.py")
    clients = {path.stem: path.relative_to(root).parts[1] for path in found}
    assert {module: context for context, called in CALLS.items() for module, _ in called} == clients
    assert 8 == holding(root)
    told(root, "cutover", *TOGETHER)
    assert 8 == holding(root)
    options = app.Options(repo=root)
    answered = smoke(options, Wish(sys.executable, {}, 90), (), Ask(examples=2))
    assert [] == [(one.operation, one.place, one.before, one.after) for one in answered.differences]
    wish = Wish(sys.executable, {"COORDINATOR_DATABASE_URL": f"sqlite:///{data}", "INTERNAL_TIMEOUT": "1.5"}, 90)
    with (
        up(options, wish, (), (), 0) as stack,
        httpx.Client(base_url=stack.all["nginx"].url, timeout=20, trust_env=False) as client,
    ):
        status, text, _ = asked(client, agent)
        assert (200, agent) == (status, json.loads(text)["agent_id"])
        owner = stack.servers.pids()["ai-models"]
        os.kill(owner, signal.SIGSTOP)
        try:
            failed, said, seconds = asked(client, agent)
        finally:
            os.kill(owner, signal.SIGCONT)
        assert (503, {"detail": "ai-models does not answer as it should"}) == (failed, json.loads(said))
        assert 1.4 < seconds < 6
        assert (200, text) == asked(client, agent)[:2]
        assert 404 == client.post("/internal/ai-models/services_advanced_analytics/trend_of", json={}).status_code
