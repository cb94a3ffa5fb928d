"""Fixtures for all tests."""

import pytest
from fastapi.testclient import TestClient

from backend_core.database import reset
from app.main import app


@pytest.fixture(autouse=True)
def clean() -> None:
    reset()


@pytest.fixture
def client() -> TestClient:
    return TestClient(app)


@pytest.fixture
def billed(client: TestClient) -> int:
    return client.get("/bills").json()
