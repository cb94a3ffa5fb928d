"""Jobs, miners, GPUs and the explorer."""

import sys

import pytest
from fastapi.testclient import TestClient

from app import services
from app.custom_types import Role
from app.services import gpu_scheduler

GPUS = [
    {"model": "A10", "memory_gb": 24, "price_per_hour": 10},
    {"model": "A100", "memory_gb": 80, "price_per_hour": 40},
]


@pytest.fixture
def miner_id(client: TestClient, operator) -> str:
    body = {"name": "rack 1", "gpus": GPUS}
    return client.post("/v1/miners", json=body, headers=operator).json()["id"]


def test_a_job_goes_from_client_to_miner_and_back(client: TestClient, operator, sign_in, miner_id):
    customer = sign_in(Role.CLIENT)
    job = client.post("/v1/jobs", json={"kind": "train"}, headers=customer).json()
    taken = client.post(f"/v1/miners/{miner_id}/next", headers=operator).json()
    assert (job["id"], "running", miner_id) == (taken["id"], taken["state"], taken["miner_id"])
    assert client.post(f"/v1/miners/{miner_id}/next", headers=operator).json() is None
    path = f"/v1/miners/{miner_id}/jobs/{job['id']}/result"
    client.post(path, json={"result": {"loss": 0.1}}, headers=operator)
    [listed] = client.get("/v1/jobs", headers=customer).json()
    assert ("completed", {"loss": 0.1}) == (listed["state"], listed["result"])
    assert ["rack 1"] == client.get("/v1/miners", headers=operator).json()


def test_a_client_is_no_miner(client: TestClient, sign_in):
    answer = client.get("/v1/miners", headers=sign_in(Role.CLIENT))
    assert (403, "miners:work is not for a client") == (answer.status_code, answer.json()["detail"])


def test_the_cheapest_gpu_that_fits_is_booked(client: TestClient, operator, miner_id, monkeypatch):
    monkeypatch.setattr("app.services.gpu_scheduler.SURCHARGE_PERMILLE", 0)
    first = client.post("/v1/marketplace/bookings", json={"hours": 2}, headers=operator).json()
    assert 20 == first["price"]
    [left] = client.get("/v1/marketplace/gpus").json()
    assert "A100" == left["model"]
    client.delete(f"/v1/marketplace/bookings/{first['id']}", headers=operator)
    assert 2 == len(client.get("/v1/marketplace/gpus").json())


def test_a_gpu_is_dearer_when_few_are_left(session, client, operator, miner_id, monkeypatch):
    monkeypatch.setattr(gpu_scheduler, "SURCHARGE_PERMILLE", 1000)
    scheduler = gpu_scheduler.GpuScheduler(session)
    assert [10, 60] == [scheduler.reserve(1).price, scheduler.reserve(1).price]
    with pytest.raises(gpu_scheduler.Conflict):
        scheduler.reserve(1)


def test_administrators_see_the_capacity(client: TestClient, admin, miner_id):
    capacity = client.get("/v1/admin/capacity", headers=admin).json()
    assert {"total": 1, "free": 1, "memory_gb": 80} == capacity["A100"]


def test_the_explorer_follows_a_job(client: TestClient, admin):
    job = client.post("/v1/jobs", json={"kind": "render"}, headers=admin).json()
    wallet = client.post("/v1/wallets", headers=admin).json()["id"]
    client.post(f"/v1/admin/wallets/{wallet}/deposit", json={"amount": 500}, headers=admin)
    order = {"payer_id": wallet, "payee_id": wallet, "amount": 100, "job_id": job["id"]}
    payment = client.post("/v1/payments", json=order, headers=admin).json()["id"]
    client.post(f"/v1/payments/{payment}/escrow", headers=admin)
    trace = client.get(f"/v1/explorer/jobs/{job['id']}").json()
    assert ({payment: "held"}, 1) == (trace["payments"], len(trace["chain"]))
    assert 1 == client.get("/v1/public/explorer/summary").json()["counts"]["jobs"]


def test_services_are_loaded_by_name():
    assert services.ExplorerService is sys.modules["app.services.explorer"].ExplorerService
    assert "app.services.miners" == services.MinerService.__module__
    with pytest.raises(AttributeError):
        services.PrinterService  # noqa: B018
