"""A request is matched to the operation that answers it, and to none where it goes elsewhere or says too little."""

from __future__ import annotations

import re

import pytest

from decomposer.calling.matching import Gates, Reach, Table, answered
from decomposer.model.http_calls import HttpCall, Piece
from tests.scaffold.systems import operations

TABLE = Table(operations("orders GET /v1/orders", "orders GET /v1/orders/{id}", "orders DELETE /v1/orders/{id}",
                         "orders GET /v1/orders/latest", "stock POST /v1/stock/{id}/count", "- GET /health",
                         "files GET /v1/files/{path:path}"))  # fmt: skip
GATES = Gates(frozenset({"localhost", "shop-api"}), 8000, frozenset({80, 443}))


def found(method: str, address: str) -> tuple[str, list[str], tuple[str, ...]]:
    """The way, the operations, and the methods that there are; `{x}` in an address is a hole, `{x=y}` has a default."""
    parts = [(number % 2 == 1, *part.partition("=")) for number, part in enumerate(re.split(r"[{}]", address))]
    pieces = (Piece(name, True, default) if is_hole else Piece(name + equals + default)
              for is_hole, name, equals, default in parts)  # fmt: skip
    told = answered(HttpCall(1, method, tuple(piece for piece in pieces if piece.text), "c"), TABLE, GATES)
    return told.reach.value, [f"{one.method} {one.path}" for one in told.operations], told.allowed


@pytest.mark.parametrize(("method", "address", "reach", "operation"), [
    ("GET", "/v1/orders", Reach.RELATIVE, "GET /v1/orders"),
    ("GET", "/v1/orders/", Reach.RELATIVE, "GET /v1/orders"),
    ("GET", "/v1/orders?page=1", Reach.RELATIVE, "GET /v1/orders"),
    ("GET", "/v1/orders/{id}", Reach.RELATIVE, "GET /v1/orders/{id}"),
    ("GET", "/v1/orders/latest", Reach.RELATIVE, "GET /v1/orders/latest"),
    ("DELETE", "/v1/orders/{id}", Reach.RELATIVE, "DELETE /v1/orders/{id}"),
    ("POST", "/v1/stock/a{id}/count", Reach.RELATIVE, "POST /v1/stock/{id}/count"),
    ("GET", "/v1/files/a/b/{c}", Reach.RELATIVE, "GET /v1/files/{path:path}"),
    ("GET", "/api/v1/orders", Reach.RELATIVE, "GET /v1/orders"),
    ("GET", "http://localhost:8000/health", Reach.DIRECT, "GET /health"),
    ("GET", "http://shop-api:8000/v1/orders", Reach.DIRECT, "GET /v1/orders"),
    ("GET", "https://shop.example/v1/orders", Reach.GATEWAY, "GET /v1/orders"),
    ("GET", "http://localhost/v1/orders", Reach.GATEWAY, "GET /v1/orders"),
    ("GET", "{base}/v1/orders", Reach.SETTING, "GET /v1/orders"),
    ("POST", "{base}/stock/{id}/count", Reach.SETTING, "POST /v1/stock/{id}/count"),
    ("GET", "{URL=http://localhost:8000/}v1/orders", Reach.SETTING, "GET /v1/orders"),
    ("GET", "http://{host}:{port}/v1/orders", Reach.SETTING, "GET /v1/orders"),
])  # fmt: skip
def test_what_answers(method: str, address: str, reach: Reach, operation: str) -> None:
    """By every way, behind what a gateway or a setting puts before the path."""
    assert (reach.value, [operation], ()) == found(method, address)


@pytest.mark.parametrize(("method", "address"), [
    ("GET", "http://localhost:9000/v1/orders"), ("GET", "http://{host}:9000/v1/orders"), ("GET", "/health"),
    ("GET", "{base}/health"), ("GET", "{base}/orders"), ("GET", "/v2/items"), ("GET", "{base}/{path}/"),
    ("GET", "{URL=http://localhost:9000}/v1/orders"),
])  # fmt: skip
def test_what_nothing_here_answers(method: str, address: str) -> None:
    """Another port, another path, or a path that any application has."""
    assert ([], ()) == found(method, address)[1:]


@pytest.mark.parametrize(("address", "reach"), [
    ("https://api.example.org/v1/orders", Reach.ELSEWHERE),
    ("{URL=https://api.example.org}/v1/orders", Reach.ELSEWHERE),
    ("http://localhost:8000/v1/orders", Reach.DIRECT), ("http://localhost/v1/orders", Reach.GATEWAY),
    ("{base}/v1/orders", Reach.SETTING),
])  # fmt: skip
def test_a_client_of_another_host_is_none_of_ours(address: str, reach: Reach) -> None:
    """What a client begins its addresses with is the monolith's by what is known of its hosts only."""
    parts = [(number % 2 == 1, *part.partition("=")) for number, part in enumerate(re.split(r"[{}]", address))]
    pieces = tuple(Piece(name, True, default) if is_hole else Piece(name) for is_hole, name, _, default in parts)
    call = HttpCall(1, "GET", tuple(piece for piece in pieces if piece.text), "c", based=True)
    told = answered(call, TABLE, GATES)
    assert (reach, reach is not Reach.ELSEWHERE) == (told.reach, bool(told.operations))


def test_another_method_is_told() -> None:
    """With those that the path has."""
    assert ("relative", [], ("DELETE", "GET")) == found("PUT", "/v1/orders/{id}")


def test_any_method() -> None:
    """Where the method is not known, all of its operations may be meant."""
    call = HttpCall(1, "", (Piece("/v1/orders/"), Piece("id", True)), "c")
    assert ["GET", "DELETE"] == [one.method for one in answered(call, TABLE, GATES).operations]
