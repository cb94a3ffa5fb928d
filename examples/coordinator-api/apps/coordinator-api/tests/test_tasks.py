"""Tasks by name, logging by name, the scripts."""

import importlib
import json
import logging.config
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from fastapi.testclient import TestClient

from app.domain import AgentMessage
from app.exceptions import NotFound
from app.tasks import SCHEDULE, registry
from app.utils.clock import utcnow
from cli.coordinator_client import CoordinatorClient

ROOT = Path(__file__).resolve().parents[1]


def test_every_task_has_its_name():
    assert [
        "app.services.agent_performance_service.rescore",
        "app.services.payments.settle_due",
        "app.tasks.periodic.prune_messages",
        "maintenance.ping",
    ] == registry.names()
    assert all(entry["task"] in registry.names() for entry in SCHEDULE.values())


def test_an_unknown_task_is_refused():
    with pytest.raises(NotFound):
        registry.send("app.services.payments.print_money")


def test_old_messages_are_forgotten(session, client, agent_id):
    for days in (1, 100):
        session.add(
            AgentMessage(
                sender_id=agent_id,
                recipient_id=agent_id,
                body="hello",
                digest="0",
                created_at=utcnow() - timedelta(days=days),
            )
        )
    session.commit()
    assert 1 == registry.send("app.tasks.periodic.prune_messages", days=30)


@mock.patch("app.routers.admin.registry")
def test_administrators_run_tasks(tasks, client: TestClient, admin):
    tasks.send.return_value = "pong"
    answer = client.post("/v1/admin/tasks/maintenance.ping", headers=admin)
    assert {"task": "maintenance.ping", "result": "pong"} == answer.json()


def test_records_are_written_as_json():
    logs = importlib.import_module("app.utils.logs")
    record = logging.LogRecord("app.services.escrow", logging.INFO, "f", 1, "held %s", ("pay_1",), None)
    line = json.loads(logs.JsonFormatter().format(record))
    assert {"level": "INFO", "logger": "app.services.escrow", "message": "held pay_1"} == line


def test_the_logging_file_can_be_loaded():
    logging.config.fileConfig(ROOT / "logging.ini", disable_existing_loggers=False)
    assert logging.DEBUG == logging.getLogger("app.services.escrow").level


def test_the_script_lists_tasks(capsys, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "scripts")
    manage = importlib.import_module("manage")
    assert 0 == manage.main(["run", "maintenance.ping"])
    assert 0 == manage.main(["seed"])
    assert ["pong", "admin"] == [line.split()[0] for line in capsys.readouterr().out.splitlines()[:2]]


def test_the_script_serves_by_name(monkeypatch):
    served = mock.Mock()
    monkeypatch.syspath_prepend(ROOT / "scripts")
    with mock.patch.dict("sys.modules", uvicorn=served):
        importlib.import_module("manage").main(["serve", "--port", "8123"])
    served.run.assert_called_once_with("app.main:app", port=8123, reload=True)


def test_the_client_speaks_with_the_api(client: TestClient, operator, agent_id):
    coordinator = CoordinatorClient(client)
    coordinator.sign_in("operator@example.org", "correct horse")
    assert "ok" == coordinator.health()["status"]
    assert [agent_id] == [agent["id"] for agent in coordinator.agents()]
    assert agent_id == coordinator.start(agent_id, "summarise", 100)["agent_id"]
