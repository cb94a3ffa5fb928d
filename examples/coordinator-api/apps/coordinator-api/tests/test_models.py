"""Forecasts, fusion, proofs."""

import pytest
from fastapi.testclient import TestClient

from app.services import zk_verification
from app.services.multi_modal_fusion.strategies import STRATEGIES

VECTORS = {"text": [3.0, 0.0], "image": [0.0, 4.0]}


def test_a_series_is_continued(client: TestClient):
    answer = client.post("/v1/analytics/forecast", json={"series": [1, 2, 3, 4], "steps": 2}).json()
    assert "up" == answer["direction"]
    assert 1.0 == pytest.approx(answer["forecast"][1] - answer["forecast"][0])


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [("average", [1.5, 2.0]), ("strongest", [3.0, 4.0]), ("weighted", [9 / 7, 16 / 7])],
)
def test_strategies_fuse_element_by_element(strategy, expected):
    assert expected == pytest.approx(STRATEGIES[strategy](VECTORS))


def test_a_fusion_is_stored_counted_and_verified(client: TestClient, operator):
    body = {"modalities": VECTORS, "strategy": "strongest"}
    run = client.post("/v1/models/fusions", json=body, headers=operator).json()
    assert [3.0, 4.0] == run["output"]
    assert {"strongest": 1} == client.get("/v1/analytics/strategies").json()
    assert client.post(f"/v1/models/fusions/{run['id']}/verification").json()["verified"]


def test_vectors_of_different_length_are_refused(client: TestClient, operator):
    body = {"modalities": {"text": [1.0], "image": [1.0, 2.0]}}
    assert 400 == client.post("/v1/models/fusions", json=body, headers=operator).status_code
    body = {"modalities": VECTORS, "strategy": "magic"}
    assert 404 == client.post("/v1/models/fusions", json=body, headers=operator).status_code


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_a_proof_holds_for_its_leaf_only(size):
    leaves = [str(number) for number in range(size)]
    root = zk_verification.merkle_root(leaves)
    for index, leaf in enumerate(leaves):
        proof = zk_verification.merkle_proof(leaves, index)
        assert zk_verification.proves(leaf, proof, root)
        assert not zk_verification.proves("another", proof, root)


def test_jobs_are_counted_by_day(client: TestClient, admin):
    client.post("/v1/jobs", json={"kind": "train"}, headers=admin)
    assert [1] == list(client.get("/v1/analytics/jobs").json().values())
