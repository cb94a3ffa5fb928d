"""Users, tenants, compliance, certificates."""

from unittest.mock import patch

from fastapi.testclient import TestClient

from app.custom_types import Role
from app.security import Principal, issue_token, read_token
from app.services.access_control import allowed


def test_a_user_registers_signs_in_and_out(client: TestClient):
    body = {"email": "ada@example.org", "password": "correct horse"}
    user = client.post("/v1/users", json=body).json()
    assert "client" == user["role"]
    assert 409 == client.post("/v1/users", json=body).status_code
    token = client.post("/v1/users/login", json=body).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert user == client.get("/v1/users/me", headers=headers).json()
    assert {"sessions": 1} == client.post("/v1/users/logout", headers=headers).json()


def test_a_wrong_password_and_a_forged_token_are_refused(client: TestClient):
    client.post("/v1/users", json={"email": "ada@example.org", "password": "correct horse"})
    wrong = {"email": "ada@example.org", "password": "wrong horse"}
    assert 401 == client.post("/v1/users/login", json=wrong).status_code
    forged = issue_token(Principal("usr_1", Role.CLIENT)).replace("client", "admin")
    assert 401 == client.get("/v1/users/me", headers={"Authorization": f"Bearer {forged}"}).status_code


def test_passwords_are_not_tried_without_end(client: TestClient):
    with patch("app.deps._logins.limit", 0):
        body = {"email": "ada@example.org", "password": "correct horse"}
        assert 429 == client.post("/v1/users/login", json=body).status_code


def test_a_token_tells_who_signed_in():
    ada = Principal("usr_1", Role.OPERATOR)
    assert ada == read_token(issue_token(ada))


def test_roles_have_their_permissions():
    assert allowed(Role.OPERATOR, "agents:write")
    assert not allowed(Role.CLIENT, "agents:write")
    assert allowed(Role.ADMIN, "anything:at-all")


def test_administration_is_for_administrators(client: TestClient, operator):
    assert 403 == client.get("/v1/admin/tasks", headers=operator).status_code


def test_a_tenant_sees_what_its_agents_did(client: TestClient, operator, agent_id):
    tenant = client.post("/v1/enterprise/tenants", json={"name": "ACME", "seats": 1}, headers=operator)
    client.post(f"/v1/agents/{agent_id}/runs", json={}, headers=operator)
    path = f"/v1/enterprise/tenants/{tenant.json()['id']}/usage"
    assert {"tenant": "ACME", "seats": 1, "agents": 1, "runs": 1, "fees": 41} == client.get(path).json()
    client.post("/v1/agents", json={"name": "one too many"}, headers=operator)
    assert 409 == client.get(path).status_code
    trail = client.get("/v1/enterprise/audit", headers=operator).json()
    done = ["agent.created", "tenant.created", "job.submitted", "agent.created"]
    assert done == [line.split()[0] for line in trail]


def test_broken_rules_are_found(client: TestClient, operator):
    agent = client.post("/v1/agents", json={"name": "Admin bot"}, headers=operator).json()["id"]
    for _ in range(3):
        body = {"recipient_id": agent, "body": "buy now"}
        client.post(f"/v1/agents/{agent}/messages", json=body, headers=operator)
    tenant = client.post("/v1/enterprise/tenants", json={"name": "ACME"}, headers=operator).json()["id"]
    review = client.post(f"/v1/enterprise/tenants/{tenant}/review", headers=operator).json()
    assert ["messages/repetition", "naming/impersonation"] == review["broken"]
    listed = client.get(f"/v1/agents/{agent}/findings").json()
    assert [3, 2] == [one["severity"] for one in listed]
    refused = client.post(f"/v1/enterprise/certification/agents/{agent}", headers=operator)
    assert 409 == refused.status_code


def test_a_good_agent_is_certified(client: TestClient, operator, agent_id):
    assert [] == client.post(f"/v1/agents/{agent_id}/findings", headers=operator).json()
    path = f"/v1/enterprise/certification/agents/{agent_id}"
    with patch(
        "app.services.certification.certification_system.AgentPerformanceService.score", return_value=95.0
    ):
        issued = client.post(path, headers=operator).json()
    assert "gold" == issued["level"]
    assert [issued] == client.get(path).json()
    levels = client.get("/v1/enterprise/certification/levels").json()
    assert ["gold", "silver", "bronze"] == [one["level"] for one in levels]
