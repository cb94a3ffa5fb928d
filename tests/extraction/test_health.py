"""What every service answers besides its routes is there once, whatever its entry had."""

from __future__ import annotations

import json
from types import ModuleType

import pytest

from decomposer.extracting.health import with_health
from decomposer.facts.python import read_python
from decomposer.model.edges import Route

pytestmark = pytest.mark.filterwarnings("ignore")  # of the framework's own
BARE = b"from fastapi import FastAPI\n\napi = FastAPI()\n"
OWN = BARE + b'\n\n@api.get("/health/ready")\ndef ready() -> dict[str, str]:\n    return {"mine": "yes"}\n'
COUNTS = b"from prometheus_client import make_asgi_app\n" + BARE + b'api.mount("/metrics", make_asgi_app())\n'


def added(entry: bytes, *paths: str) -> bytes:
    """The entry with what it does not answer, where the monolith answers these paths."""
    served = [Route("app.main:api", order, "GET", path, "app.main", "answer", "app/main.py", 1)
              for order, path in enumerate(paths)]  # fmt: skip
    return with_health(entry, read_python(entry), "orders", "api", served)


def answers(entry: bytes) -> dict[str, tuple[int, str, str]]:
    """What the application answers at each of these paths."""
    from fastapi.testclient import TestClient

    module = ModuleType("main")
    exec(compile(entry, "main.py", "exec"), vars(module))
    client = TestClient(module.api)
    found = {path: client.get(path) for path in ("/health", "/health/live", "/health/ready", "/metrics")}
    return {path: (one.status_code, one.text, one.headers.get("content-type", "")) for path, one in found.items()}


def test_a_service_that_had_nothing() -> None:
    """It says that it answers and that it is ready, and counts where the monolith counts."""
    found = answers(added(BARE, "/metrics"))
    assert [200] * 4 == [status for status, _, _ in found.values()]
    assert {"status": "ok", "service": "orders"} == json.loads(found["/health"][1])
    assert found["/metrics"][1].startswith('service_up{service="orders"} 1\nprocess_cpu_seconds_total ')
    assert found["/metrics"][2].startswith("text/plain; version=0.0.4")
    assert 404 == answers(added(BARE))["/metrics"][0]


def test_what_it_answers_already_stays() -> None:
    """Its own answer goes before the usual one, which is not written at all."""
    entry = added(OWN)
    assert {"mine": "yes"} == json.loads(answers(entry)["/health/ready"][1])
    assert b"service_ready" not in entry
    assert entry == added(entry)


@pytest.mark.parametrize(("line", "path"), [
    ('@api.get("/{rest:path}")\ndef every(rest: str) -> str:\n    return rest\n', "/{rest:path}"),
    ('api.mount("/", FastAPI())\n', ""),
])  # fmt: skip
def test_something_that_answers_every_path(line: str, path: str) -> None:
    """It does not answer for these, and does for all others."""
    found = answers(added(BARE + line.encode(), path))
    assert "alive" in found["/health/live"][1]
    assert "ok" in found["/health"][1]
    assert "ready" in found["/health/ready"][1]
    assert found["/metrics"][:2] in ((200, '"metrics"'), (404, '{"detail":"Not Found"}'))


@pytest.mark.parametrize("entry", [COUNTS, COUNTS.replace(b'api.mount("/metrics", make_asgi_app())', b"")])
def test_the_client_that_is_there_counts(entry: bytes) -> None:
    """A mounted application is enough; without it the same client is used."""
    text = added(entry, "/metrics")
    assert (b"generate_latest" in text) == (b"api.mount" not in entry)
    assert b"service_up" not in text


def test_ends_of_lines_stay() -> None:
    """What is added has the ends of lines that the entry has."""
    text = added(BARE.replace(b"\n", b"\r\n"), "/metrics")
    assert text.count(b"\n") == text.count(b"\r\n")
