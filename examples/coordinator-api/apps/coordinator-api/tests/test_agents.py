"""Agents: runs, messages, offers, connectors, scores."""

from datetime import datetime
from unittest import mock
from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient

from app.services import agent_communication, agent_integration
from app.services.agent_performance_service import AgentPerformanceService

ORCHESTRATOR = "app.services.agent_orchestrator"


def test_a_run_is_started_and_finished(client: TestClient, operator, agent_id):
    run = client.post(f"/v1/agents/{agent_id}/runs", json={"kind": "summarise"}, headers=operator).json()
    assert "running" == client.get(f"/v1/agents/{agent_id}").json()["state"]
    done = client.post(f"/v1/agents/runs/{run['id']}/finish", headers=operator).json()
    assert "done" == done["state"]
    assert "queued" == client.get(f"/v1/jobs/{run['job_id']}").json()["state"]
    assert [run["id"]] == [one["id"] for one in client.get(f"/v1/agents/{agent_id}/runs").json()]


@mock.patch("app.services.agent_orchestrator.utcnow", return_value=datetime(2999, 1, 1))
def test_the_length_of_a_run_is_noted(clock, client: TestClient, operator, agent_id):
    run = client.post(f"/v1/agents/{agent_id}/runs", json={}, headers=operator).json()
    done = client.post(f"/v1/agents/runs/{run['id']}/finish", headers=operator).json()
    assert done["seconds"] > 1e9
    clock.assert_called_once_with()


def test_a_run_above_the_budget_is_refused(client: TestClient, operator, agent_id):
    with patch("app.services.payments.quote_fee", return_value=10_000) as quote:
        answer = client.post(f"/v1/agents/{agent_id}/runs", json={"budget": 50}, headers=operator)
    quote.assert_called_once_with(40)
    assert 409 == answer.status_code


def test_a_run_books_a_gpu(client: TestClient, operator, agent_id):
    with patch("app.services.gpu_scheduler.GpuScheduler.reserve") as reserve:
        reserve.return_value.price = 7
        with patch(f"{ORCHESTRATOR}.BASE_FEE", 10):
            body = {"gpu_hours": 2, "budget": 100}
            run = client.post(f"/v1/agents/{agent_id}/runs", json=body, headers=operator).json()
    assert 30 + 7 == run["fee"]


def test_only_the_owner_lets_an_agent_speak(client: TestClient, sign_in, agent_id):
    from app.custom_types import Role

    stranger = sign_in(Role.CLIENT)
    body = {"recipient_id": agent_id, "body": "hello"}
    assert 403 == client.post(f"/v1/agents/{agent_id}/messages", json=body, headers=stranger).status_code


def test_messages_reach_inbox_and_listener(client: TestClient, operator, agent_id):
    other = client.post("/v1/agents", json={"name": "reader"}, headers=operator).json()["id"]
    with client.websocket_connect(f"/v1/agents/{other}/listen") as listener:
        body = {"recipient_id": other, "body": "hello"}
        client.post(f"/v1/agents/{agent_id}/messages", json=body, headers=operator)
        listener.send_text("next")
        assert "hello" == listener.receive_json()["next"]
    inbox = client.get(f"/v1/agents/{other}/messages", headers=operator).json()
    talk = client.get(f"/v1/agents/{agent_id}/messages?peer={other}", headers=operator).json()
    assert ["hello"] == [one["body"] for one in inbox] == [one["body"] for one in talk]


def test_the_hub_is_told_of_every_message(client: TestClient, operator, agent_id):
    with mock.patch.object(agent_communication.hub, "publish", return_value=0) as publish:
        body = {"recipient_id": agent_id, "body": "note to myself"}
        client.post(f"/v1/agents/{agent_id}/messages", json=body, headers=operator)
    publish.assert_called_once_with(agent_id, "note to myself")


def test_an_offer_is_ordered_and_paid(client: TestClient, operator, admin, agent_id):
    body = {"agent_id": agent_id, "title": "translate a page", "price": 200}
    service = client.post("/v1/marketplace/services", json=body, headers=operator).json()
    wallet = client.post("/v1/wallets", headers=admin).json()
    client.post(f"/v1/admin/wallets/{wallet['id']}/deposit", json={"amount": 300}, headers=admin)
    payment = client.post(f"/v1/marketplace/services/{service['id']}/orders", headers=admin).json()
    assert (200, 5, "pending") == (payment["amount"], payment["fee"], payment["state"])
    assert 1 == client.get("/v1/marketplace/services?text=translate").json()[0]["orders"]
    assert {agent_id: 200} == client.get("/v1/marketplace/turnover").json()


def test_a_connector_turns_an_event_into_a_run(client: TestClient, operator, agent_id):
    body = {"kind": "cron", "settings": {"expression": "0 6 * * *"}}
    made = client.post(f"/v1/agents/{agent_id}/connectors", json=body, headers=operator).json()
    assert {"expression": "0 6 * * *", "jitter_seconds": 0} == made["settings"]
    event = {"event": "tick", "payload": {"at": {"hour": 6}}}
    run = client.post(f"/v1/agents/connectors/{made['id']}/events", json=event).json()
    assert agent_id == run["agent_id"]
    assert 204 == client.delete(f"/v1/agents/connectors/{made['id']}", headers=operator).status_code


def test_everything_that_is_wrong_with_a_connector_is_said(client: TestClient, operator, agent_id):
    body = {"kind": "webhook", "settings": {"url": "nowhere", "timeout_seconds": True, "colour": "red"}}
    answer = client.post(f"/v1/agents/{agent_id}/connectors", json=body, headers=operator)
    assert 400 == answer.status_code
    assert 4 == len(answer.json()["detail"].split("; "))


def test_a_connector_is_held_to_its_rate(client: TestClient, operator, agent_id, session):
    connector = agent_integration.AgentIntegration(session).attach(
        agent_id, "countdown", {"after_seconds": 5}
    )
    event = {"event": "elapsed"}
    path = f"/v1/agents/connectors/{connector.id}/events"
    assert [202, 429] == [client.post(path, json=event).status_code for _ in range(2)]


def test_secrets_of_connectors_are_not_shown():
    shown = agent_integration.redacted("chat_room", {"room": "lobby", "token": "t0p"})
    assert {"room": "lobby", "token": "********"} == shown


@pytest.mark.parametrize("category", ["web", "mail", "stream", "storage", "work", "time", "operations"])
def test_the_catalogue_has_every_category(client: TestClient, category):
    found = client.get("/v1/agents/connectors", params={"category": category}).json()
    assert found and all(one["required"] and one["events"] for one in found)


def test_scores_start_in_the_middle_and_follow_success(client: TestClient, operator, agent_id, session):
    service = AgentPerformanceService(session)
    assert 50.0 == service.score(agent_id)
    run = client.post(f"/v1/agents/{agent_id}/runs", json={}, headers=operator).json()
    client.post(f"/v1/agents/runs/{run['id']}/finish", headers=operator)
    report = client.get(f"/v1/agents/{agent_id}/performance").json()
    assert {"agent_id": agent_id, "score": 66.7, "fees": "flat"} == report


@patch.multiple("app.services.agent_performance_service.AgentPerformanceService", score=lambda *_: 99.0)
def test_the_leaderboard_follows_the_stored_scores(client: TestClient, agent_id):
    from app.tasks import registry

    assert 1 == registry.send("app.services.agent_performance_service.rescore")
    assert [99.0] == [one["score"] for one in client.get("/v1/agents/leaderboard").json()]
