"""A clean database, a client and people to sign in as."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.custom_types import Role
from app.database import engine
from app.main import app
from app.services.identity_service import IdentityService
from app.storage.db import reset_db

SignIn = Callable[[Role], dict[str, str]]


@pytest.fixture(autouse=True)
def clean_database() -> None:
    """Empty tables before every test."""
    reset_db()


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The whole API."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def session() -> Iterator[Session]:
    """A session on the database that the API uses."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def sign_in(session: Session) -> SignIn:
    """A function that registers a user of some role and returns the headers of its calls."""

    def sign_in(role: Role) -> dict[str, str]:
        identity = IdentityService(session)
        email = f"{role}@example.org"
        identity.register(email, "correct horse", role)
        return {"Authorization": f"Bearer {identity.sign_in(email, 'correct horse')[1]}"}

    return sign_in


@pytest.fixture
def operator(sign_in: SignIn) -> dict[str, str]:
    """Somebody who runs agents and miners."""
    return sign_in(Role.OPERATOR)


@pytest.fixture
def admin(sign_in: SignIn) -> dict[str, str]:
    """Somebody who may do everything."""
    return sign_in(Role.ADMIN)


@pytest.fixture
def agent_id(client: TestClient, operator: dict[str, str]) -> str:
    """An agent of the operator."""
    made = client.post("/v1/agents", json={"name": "scribe", "capability": "text"}, headers=operator)
    return made.json()["id"]
