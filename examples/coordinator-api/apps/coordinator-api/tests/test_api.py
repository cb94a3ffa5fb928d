"""The shape of the API: what is there, where it comes from, who answers."""

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.domain import ChainTransaction
from app.main import app, create_app

CONTEXTS = {
    "agent-management": ("/v1/agents", "/v1/marketplace/services"),
    "blockchain": ("/v1/blockchain", "/v1/contracts"),
    "computing": ("/v1/jobs", "/v1/miners", "/v1/explorer", "/v1/marketplace/gpus"),
    "enterprise": ("/v1/enterprise", "/v1/agents/{agent_id}/findings"),
    "identity": ("/v1/users",),
    "payment": ("/v1/payments", "/v1/wallets"),
    "ai-models": ("/v1/analytics", "/v1/models"),
}


def paths_of(application=app) -> dict[str, dict[str, dict]]:
    return application.openapi()["paths"]


def test_every_path_and_operation_is_there():
    paths = paths_of()
    assert 66 == len(paths)
    assert 76 == sum(len(operations) for operations in paths.values())


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_context_has_routes(context):
    assert all(any(path.startswith(prefix) for path in paths_of()) for prefix in CONTEXTS[context])


def test_counts_are_given_to_prometheus(client: TestClient):
    assert "coordinator_jobs 0" in client.get("/metrics").text.splitlines()


@pytest.mark.parametrize("path", ["/health", "/health/live", "/health/ready", "/v1/health"])
def test_health_is_answered(client: TestClient, path):
    answer = client.get(path)
    assert 200 == answer.status_code
    assert answer.json()["status"] in ("ok", "alive", "ready")


def test_one_router_answers_under_two_prefixes(client: TestClient):
    first, second = (client.get(f"{prefix}/explorer/summary").json() for prefix in ("/v1", "/v1/public"))
    assert first["counts"] == second["counts"]


def test_the_first_of_two_routers_answers(client: TestClient, operator, session):
    client.post("/v1/contracts", json={"name": "greeter", "code": "hello()"}, headers=operator)
    newest = client.get("/v1/explorer/chain").json()[0]
    link = session.exec(select(ChainTransaction).where(ChainTransaction.height == newest["height"])).one()
    answer = client.get(f"/v1/transactions/{link.id}").json()
    assert {"type": "chain", "id": link.id, "height": 1} == answer
    assert "Get Link" == paths_of()["/v1/transactions/{transaction_id}"]["get"]["summary"]


def test_one_path_is_served_by_two_routers():
    assert {"get", "post", "delete"} == paths_of()["/v1/payments/{payment_id}/escrow"].keys()


def test_administration_can_be_left_out(monkeypatch):
    monkeypatch.setattr("app.config.settings.enable_admin", False)
    lean = paths_of(create_app())
    assert not [path for path in lean if path.startswith("/v1/admin")]
    assert 62 == len(lean)


def test_the_optional_router_may_be_missing(monkeypatch):
    monkeypatch.setattr("app.main.multi_modal", None)
    assert "/v1/models/fusions" not in paths_of(create_app())


def test_an_expected_error_has_its_status_and_its_text(client: TestClient):
    answer = client.get("/v1/jobs/job_0", headers={"X-Request-ID": "req_1"})
    assert 404 == answer.status_code
    assert {"error": "NotFound", "detail": "no job job_0", "path": "/v1/jobs/job_0"} == answer.json()
    assert "req_1" == answer.headers["X-Request-ID"]


def test_the_second_application_learns():
    from app.services.adaptive_learning_app import app as learning

    with TestClient(learning) as client:
        samples = [{"features": {"x": 1.0}, "target": 2.0}] * 100
        assert "down" == client.post("/learn", json=samples).json()["direction"]
        assert 2.0 == pytest.approx(client.get("/weights").json()["x"], abs=1e-3)
        assert 400 == client.post("/learn", json=[]).status_code
