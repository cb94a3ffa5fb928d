"""The example whose contexts call each other over HTTP: certified, cut over together, and run behind nginx."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx
import pytest

from decomposer import app
from decomposer.app.running import smoke, up
from decomposer.cli.demo import write_rules
from decomposer.running.smoking import Ask
from decomposer.running.stack import Stack
from decomposer.shell.locate import data_folder
from decomposer.verifying import Wish
from tests.conftest import make_git
from tests.proof.conftest import OWN, copy_example, told
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]
CONTEXTS = ("agent-management", "ai-models", "blockchain", "computing", "enterprise", "identity", "payment")
API = "apps/coordinator-api"
SEED = """
import json
from sqlmodel import Session
from app.custom_types import Role
from app.database import engine
from app.security import Principal, issue_token
from app.services.agent_orchestrator import AgentOrchestrator
from app.services.identity_service import IdentityService
from app.services.jobs import JobService
from app.services.payments import pay
from app.services.transaction_service import append
from app.services.wallet_service import WalletService
from app.storage import init_db

init_db()
with Session(engine) as session:
    user = IdentityService(session).register("ada@example.org", "correct horse", Role.OPERATOR)
    wallets = WalletService(session)
    mine = wallets.deposit(wallets.open(user.id).id, 1000).id
    print(json.dumps({
        "agent": AgentOrchestrator(session).create(user.id, "scribe", "summarise").id,
        "job": JobService(session).submit(user.id, "inference", {}).id,
        "link": append(session, "hello").id,
        "payments": " ".join(pay(session, mine, mine, 10).id for _ in range(3)),
        "token": issue_token(Principal(user.id, Role.OPERATOR)),
    }))
"""
ASKED: dict[str, tuple[str, str, object, int]] = {
    "ai-models": ("GET", "/v1/agents/{agent}/performance", None, 200),
    "computing": ("GET", "/v1/explorer/jobs/{job}", None, 200),
    "blockchain": ("POST", "/v1/payments/{payment}/escrow", None, 201),
    "agent-management": ("GET", "/v1/agents/{agent}/findings", None, 200),
    "payment": ("POST", "/v1/agents/{agent}/runs", {"gpu_hours": 9, "budget": 1}, 409),
}
"""Of each owner a request to another context that asks it, and the status of its answer."""
SETTLED: dict[str, list[tuple[str, str]]] = {
    "pyproject.toml": [
        ('payments = "app.services.payments:settle_due"\n', ""),
        ('reminders = "app.services.payment_reminders:remind"\n', ""),
        ('performance = "app.services.agent_performance_service:rescore"\n', ""),
    ],
    f"{API}/src/app/tasks/registry.py": [
        ('        "app.services.payments",\n        "app.services.agent_performance_service",\n'
         '        "app.tasks.periodic",\n', ""),
        ('    "settle what is due": {"task": "app.services.payments.settle_due", "every_seconds": 60},\n', ""),
        ('    "score every agent": {"task": "app.services.agent_performance_service.rescore", "every_seconds": 900},\n',
         ""),
        ('    "forget old messages": {"task": "app.tasks.periodic.prune_messages", "every_seconds": 86_400},\n', ""),
    ],
    f"{API}/src/app/main.py": [
        ("        from .services import ExplorerService\n", "        from sqlmodel import func, select\n\n"
         "        from .domain import ChainTransaction, Job, Miner, Payment\n"),
        ("            counts = ExplorerService(session).summary()\n",
         "            counts = {\n"
         "                one.__tablename__: session.exec(select(func.count()).select_from(one)).one()\n"
         "                for one in (Job, Miner, Payment, ChainTransaction)\n            }\n"),
    ],
    f"{API}/tests/conftest.py": [
        ("from app.services.identity_service import IdentityService\n", ""),
        ("        identity = IdentityService(session)\n",
         "        from app.services.identity_service import IdentityService\n\n"
         "        identity = IdentityService(session)\n"),
    ],
    f"{API}/scripts/start.sh": [("python -m app.services.adaptive_learning_app &\n", "")],
    f"{API}/scripts/manage.py": [],
    "docker-compose.yml": [
        ("    command: uvicorn app.services.adaptive_learning_app:app --host 0.0.0.0 --port 8016\n", "")
    ],
    "systemd/coordinator-adaptive-learning.service": [],
}  # fmt: skip
"""What a team changes before all contexts can leave the monolith: texts of files, or files that go."""


def calling(root: Path, settings: str = "") -> None:
    """The example with rules by which its contexts call each other."""
    copy_example(root, OWN.partition("\n[service]")[0] + 'rules = "rules"\n' + settings)
    write_rules(root)


def made(root: Path) -> None:
    """The same without what would keep its contexts in the monolith."""
    calling(root)
    for path, changes in SETTLED.items():
        text = (root / path).read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (root / path).write_text(text)
        if not changes:
            (root / path).unlink()
    make_git(root)


def calls_alone(root: Path) -> None:
    """What contexts need of each other's logic is called over HTTP, as the rules say, and none of it is a copy."""
    made = {(path.relative_to(root).parts[1], f"services/{path.name}")
            for path in root.glob("apps/*/src/app/_clients/services/*.py")}  # fmt: skip
    rules = {path.stem: tomllib.loads(path.read_text()) for path in data_folder("examples/clients").glob("*.toml")}
    wanted = {(context, path) for context, told in rules.items() for one in told["dependency"] for path in one["paths"]}
    assert wanted == made
    assert [] == [*root.glob("apps/*/src/app/_copied")]


def holding(root: Path) -> int:
    """How many certificates hold; all have to."""
    found = [line for line in told(root, "verify").splitlines() if line.startswith("The certificate")]
    assert [] == [line for line in found if not line.startswith("The certificate holds")]
    return len(found)


def seeded(root: Path, data: Path) -> dict[str, str]:
    """A database with somebody's agent and job and with a link of the chain in it, by their ids, and a token."""
    path = os.pathsep.join(map(str, (root / API / "src", root)))
    environment = {**os.environ, "PYTHONPATH": path, "COORDINATOR_DATABASE_URL": f"sqlite:///{data}",
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    done = subprocess.run([sys.executable, "-c", SEED], env=environment, capture_output=True, text=True, cwd=root)
    assert 0 == done.returncode, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def asked(client: httpx.Client, seed: dict[str, str], owner: str) -> tuple[int, str, float]:
    """What the route of a caller answers that asks an owner: status, text, and the seconds that it takes."""
    method, path, body, _ = ASKED[owner]
    if "{payment}" in path:
        payment, _, seed["payments"] = seed["payments"].partition(" ")
        path = path.format(payment=payment)
    began = time.monotonic()
    headers = {"Authorization": f"Bearer {seed['token']}"}
    answer = client.request(method, path.format(**seed), json=body, headers=headers)
    return answer.status_code, answer.text, time.monotonic() - began


def owners_are_asked(stack: Stack, seed: dict[str, str]) -> None:
    """Of every owner: what asks it fails within the time-out, as is documented, while it is stopped, and not after."""
    with httpx.Client(base_url=stack.all["nginx"].url, timeout=20, trust_env=False) as client:
        for owner, (_, _, _, status) in ASKED.items():
            well, text, _ = asked(client, seed, owner)
            assert (owner, status) == (owner, well), text
            pid = stack.servers.pids()[owner]
            os.kill(pid, signal.SIGSTOP)
            try:
                failed, said, seconds = asked(client, seed, owner)
            finally:
                os.kill(pid, signal.SIGCONT)
            assert (503, {"detail": f"{owner} does not answer as it should"}) == (failed, json.loads(said))
            assert 1.4 < seconds < 6
            well, again, _ = asked(client, seed, owner)
            assert (owner, status) == (owner, well), again
            assert text == again or ASKED[owner][0] == "POST"
        link = client.get(f"/v1/transactions/{seed['link']}")  # payment's own route, which was before blockchain's
        assert {"type": "chain", "id": seed["link"], "height": 1} == link.json()
        path = "/internal/ai-models/services_advanced_analytics/trend_of"
        assert 404 == client.post(path, json={}).status_code


def test_contexts_that_call_each_other_leave_together(tmp_path: Path) -> None:
    """Certificates hold before and after the cut-over, and answers are the monolith's; then calls go over HTTP.

    An owner that is stopped is the documented error within the time-out, and nothing once it goes on.
    """
    root, data = tmp_path / "example", tmp_path / "data.db"
    made(root)
    seed = seeded(root, data)
    told(root, "verify", "--baseline", "--python", sys.executable)
    told(root, "extract", "--all")
    calls_alone(root)
    assert 8 == holding(root)
    told(root, "cutover", *CONTEXTS)
    assert 8 == holding(root)
    options = app.Options(repo=root)
    answered = smoke(options, Wish(sys.executable, {}, 90), (), Ask(examples=2))
    assert [] == [(one.operation, one.place, one.before, one.after) for one in answered.differences]
    wish = Wish(sys.executable, {"COORDINATOR_DATABASE_URL": f"sqlite:///{data}", "INTERNAL_TIMEOUT": "1.5"}, 90)
    with up(options, wish, (), (), 0) as stack:
        owners_are_asked(stack, seed)
