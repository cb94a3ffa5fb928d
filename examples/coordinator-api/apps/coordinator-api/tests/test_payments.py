"""Wallets, payments, escrow, the chain."""

import logging

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

import app.services.transaction_service as chain
from app.domain import ChainTransaction
from app.services import payments


@pytest.fixture
def payment(client: TestClient, operator, admin) -> dict:
    """A payment of 1000 from the administrator to the operator, whose wallets are named too."""
    payer = client.post("/v1/wallets", headers=admin).json()["id"]
    payee = client.post("/v1/wallets", headers=operator).json()["id"]
    client.post(f"/v1/admin/wallets/{payer}/deposit", json={"amount": 2000}, headers=admin)
    order = {"payer_id": payer, "payee_id": payee, "amount": 1000}
    return client.post("/v1/payments", json=order, headers=admin).json()


def balance(client: TestClient, wallet_id: str, headers) -> int:
    return client.get(f"/v1/wallets/{wallet_id}", headers=headers).json()["balance"]


def test_a_payment_is_settled_when_due(client: TestClient, operator, admin, payment):
    assert {"amount": 1000, "fee": 25, "total": 1025} == client.get("/v1/payments/quote?amount=1000").json()
    assert 975 == balance(client, payment["payer_id"], admin)
    done = client.post("/v1/admin/tasks/app.services.payments.settle_due", headers=admin).json()
    assert 1 == done["result"]
    assert 1000 == balance(client, payment["payee_id"], operator)
    assert "settled" == client.get(f"/v1/payments/{payment['id']}").json()["state"]


def test_nobody_pays_what_they_do_not_have(client: TestClient, operator, payment):
    order = {"payer_id": payment["payee_id"], "payee_id": payment["payer_id"], "amount": 1}
    assert 409 == client.post("/v1/payments", json=order, headers=operator).status_code


def test_nobody_pays_out_of_another_wallet(client: TestClient, operator, payment):
    order = {"payer_id": payment["payer_id"], "payee_id": payment["payee_id"], "amount": 1}
    assert 403 == client.post("/v1/payments", json=order, headers=operator).status_code


@pytest.mark.parametrize(("release", "state", "left"), [(True, "released", 975), (False, "refunded", 2000)])
def test_escrow_is_released_or_refunded(client: TestClient, admin, payment, release, state, left, caplog):
    path = f"/v1/payments/{payment['id']}/escrow"
    assert "held" == client.post(path, headers=admin).json()["state"]
    assert "held" == client.get(path).json()["state"]
    with caplog.at_level(logging.DEBUG, logger="app.services.escrow"):
        closed = client.delete(path, params={"release": release}, headers=admin).json()
    assert state == closed["state"]
    assert left == balance(client, payment["payer_id"], admin)
    assert [("app.services.escrow", logging.DEBUG, f"{payment['id']} {state}")] == [
        record for record in caplog.record_tuples if record[0] == "app.services.escrow"
    ]
    assert 409 == client.delete(path, headers=admin).status_code


def test_what_was_tampered_with_is_found(client: TestClient, operator, session):
    for name in ("one", "two", "three"):
        body = {"name": name, "code": f"say('{name}')"}
        assert 201 == client.post("/v1/contracts", json=body, headers=operator).status_code
    assert {"sound": True, "broken_at": None} == client.get("/v1/blockchain/audit").json()
    session.exec(
        select(ChainTransaction).where(ChainTransaction.height == 2)
    ).one().memo = "deploy something else"
    session.commit()
    assert 2 == chain.broken_at(session)


def test_a_contract_is_called_on_the_chain(client: TestClient, operator):
    body = {"name": "greeter", "code": "hello()"}
    contract = client.post("/v1/contracts", json=body, headers=operator).json()
    assert contract == client.get(f"/v1/contracts/{contract['id']}").json()
    call = client.post(f"/v1/contracts/{contract['id']}/calls/hello", headers=operator).json()
    assert (2, "greeter.hello()") == (call["height"], call["memo"])
    status = client.get("/v1/blockchain/status").json()
    assert {"height": 2, "head": call["digest"], "node": "embedded"} == status
    assert 409 == client.post("/v1/contracts", json=body, headers=operator).status_code


def test_escrow_and_payments_know_each_other():
    assert payments.escrow.payments is payments


def test_a_payment_is_a_transaction_too(client: TestClient, payment):
    answer = client.get(f"/v1/transactions/{payment['id']}").json()
    assert {"type": "payment", "id": payment["id"], "amount": 1000} == answer
