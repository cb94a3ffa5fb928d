"""A service's contract is its part of what the monolith promises, and its test fails when the service drifts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decomposer.scaffold.system import Contract
from tests.scaffold.systems import operations, rendered, service, system

SERVED = operations(
    "orders GET /orders/{id}", "orders POST /orders", "stock GET /stock", "stock POST /orders", "- GET /health",
    "orders WEBSOCKET /orders/watch", "orders GET /orders/guarded",
)  # fmt: skip
ORDER: dict[str, Any] = {"type": "object", "properties": {"item": {"$ref": "#/components/schemas/Item"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders/{id}": {"get": {"tags": ["orders"], "security": [{"key": []}], "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}},
        "/orders": {"post": {"responses": {"200": {"$ref": "#/components/responses/Done"}}}},
        "/stock": {"get": {"tags": ["stock"], "responses": {}}},
        "/health": {"get": {"responses": {}}},
    },
    "components": {
        "schemas": {"Item": {"type": "string"}, "Order": ORDER, "Shelf": {"type": "string"}},
        "responses": {"Done": {"description": "done"}},
        "securitySchemes": {"key": {"type": "apiKey"}, "other": {"type": "apiKey"}},
    },
    "tags": [{"name": "orders"}, {"name": "stock"}],
}  # fmt: skip
VOLATILE = ("GET /orders/{id}: /responses/200", "GET /stock: /summary")


def made(contract: Contract | None = Contract(DOCUMENT, VOLATILE)) -> Any:  # noqa: B008
    """What is rendered for both services."""
    return rendered("contract", system([service("orders", 8101), service("stock", 8102)], SERVED, contract=contract))


def test_the_part_of_a_service() -> None:
    """Its operations, what they refer to, its tags and its volatile places; nothing of anybody else's."""
    files, problems = made()
    contract = json.loads(files["apps/orders/openapi.json"])
    assert "Shop: orders" == contract["info"]["title"]
    assert {"/orders/{id}": DOCUMENT["paths"]["/orders/{id}"]} == contract["paths"]
    assert {"schemas": {"Item": {"type": "string"}, "Order": ORDER}, "securitySchemes": {"key": {"type": "apiKey"}}} \
        == contract["components"]  # fmt: skip
    assert [{"name": "orders"}] == contract["tags"]
    assert [VOLATILE[0]] == contract["x-volatile"]
    assert ["/orders", "/stock"] == list(json.loads(files["apps/stock/openapi.json"])["paths"])
    assert [("apps/shop-api/src/app/routers/orders.py:11", "contract-partial", "warning")] == [
        (problem.place(), problem.code, problem.severity) for problem in problems
    ]
    assert "POST /orders and 1 more: the recorded document does not" in problems[0].message


def test_without_a_baseline() -> None:
    """Nothing is rendered, and it is said how a baseline is made."""
    files, problems = made(None)
    assert {} == files
    assert [("no-contract", "warning")] == [(problem.code, problem.severity) for problem in problems]


SERVICE = """
from fastapi import FastAPI
from pydantic import BaseModel

class Order(BaseModel):
    item: str
    more: "list[Order]" = []

app = FastAPI()

@app.get("/orders/{id}")
def order(id: int) -> Order: ...

@app.post("/orders")
def add(order: Order) -> dict[str, int]: ...

@app.get("/health")
def health() -> None: ...
"""


@pytest.mark.proof
@pytest.mark.parametrize(("old", "new", "fails"), [
    ("", "", 0),
    ("Order", "Purchase", 2),  # its title, which people read
    ("id: int", "id: str", 1),
    ('"/orders/{id}"', '"/order/{id}"', 2),
    ("item: str", "item: str | None = None", 2),
    ("/health", "/health/live", 0),
    ("/health", "/healthy", 1),
    ("-> dict[str, int]", "-> dict[str, str]", 1),
])  # fmt: skip
def test_the_test_fails_when_the_service_drifts(tmp_path: Path, old: str, new: str, fails: int) -> None:
    """A path, a type, a field, or something new; where a schema refers to itself it ends all the same."""
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, text in ((before, SERVICE), (after, SERVICE.replace(old, new))):
        (folder / "app").mkdir(parents=True)
        (folder / "app/__init__.py").write_text("")
        (folder / "app/main.py").write_text(text)
    code = "import json\nfrom app.main import app\nprint(json.dumps(app.openapi()))"
    document = subprocess.run([sys.executable, "-c", code], cwd=before, capture_output=True, check=True).stdout
    served = operations("orders GET /orders/{id}", "orders POST /orders", "- GET /health")
    contract = Contract(json.loads(document))
    files, _ = rendered("contract", system([service("orders", 8101)], served, contract=contract))
    for path, content in files.items():
        place = after / path.removeprefix("apps/orders/")
        place.parent.mkdir(exist_ok=True)
        place.write_text(content)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", "tests"]
    environment = {"PYTHONPATH": str(after), "PATH": ""}
    done = subprocess.run(command, cwd=after, env=environment, capture_output=True, text=True)
    assert (1 if fails else 0) == done.returncode, done.stdout
    assert not fails or f"{fails} failed" in done.stdout


def test_the_test_is_formatted() -> None:
    """As ruff does it unless it is told otherwise, and with nothing for it to say."""
    files, _ = made()
    text = files["apps/orders/tests/test_contract.py"]
    for words in (["format", "--check"], ["check", "--select", "E,F,I,B,UP,SIM"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *words, "--isolated", "-q", "-"], input=text, text=True,
                              capture_output=True)  # fmt: skip
        assert (0, "") == (done.returncode, done.stdout if "check" == words[0] else "")
