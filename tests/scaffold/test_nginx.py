"""What nginx does with what is rendered: each request goes to its owner, and to the monolith while the flag is down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from decomposer.scaffold.system import System
from tests.scaffold.nginx_server import StandIn, ask, flag, needs_nginx, on_free_ports, served, stand_ins
from tests.scaffold.systems import operations, service, system

pytestmark = needs_nginx
ROUTES = operations(
    "orders GET /v1/orders", "orders POST /v1/orders", "orders GET /v1/orders/{id}", "orders PUT /v1/orders/{id}",
    "orders DELETE /v1/orders/{id}", "payment GET /v1/orders/{id}/payment", "payment DELETE /v1/orders",
    "orders WEBSOCKET /v1/orders/{id}/live", "payment PATCH /v1/payments/{n:int}", "payment MOUNT /reports",
    "- GET /health", "- GET /v1/orders/internal",
)  # fmt: skip
SHOP = system([service("orders", 8101), service("payment", 8102)], ROUTES)
REQUESTS = [
    ("orders", "GET", "/v1/orders?page=2&x=%2F"), ("orders", "POST", "/v1/orders"), ("payment", "DELETE", "/v1/orders"),
    ("orders", "GET", "/v1/orders/7"), ("orders", "PUT", "/v1/orders/a%20b"), ("orders", "DELETE", "/v1/orders/7"),
    ("payment", "GET", "/v1/orders/7/payment"), ("orders", "WEBSOCKET", "/v1/orders/7/live"),
    ("payment", "PATCH", "/v1/payments/7"), ("payment", "GET", "/reports/a//b/%2e%2e%2Fc"), ("", "GET", "/health"),
    ("", "GET", "/elsewhere"), ("orders", "GET", "/v1//orders/x"),
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[System, dict[str, StandIn], int]]:
    """The system with stand-ins behind nginx."""
    made = on_free_ports(SHOP)
    with stand_ins(made) as behind, served(made, tmp_path) as port:
        yield made, behind, port


def test_each_goes_to_its_owner(shop: tuple[System, dict[str, StandIn], int], tmp_path: Path) -> None:
    """With the flag up, and to the monolith with it down, both at once: with its path, query and method unchanged."""
    _, _, port = shop
    for on in (False, True, False):
        for context in ("orders", "payment"):
            flag(tmp_path, context, None if on else [])
        for owner, method, path in REQUESTS:
            answered = ask(port, method, path)
            expected = (101 if method == "WEBSOCKET" else 200, owner if on else "", method, path)
            assert expected == (answered.status, answered.name, answered.method, answered.path)


def test_testers_go_first(shop: tuple[System, dict[str, StandIn], int], tmp_path: Path) -> None:
    """Whoever names himself in the header or the cookie; a name that is no name is nobody's."""
    _, _, port = shop
    flag(tmp_path, "orders", ["to-alice"])
    asked = {name: ask(port, "GET", "/v1/orders", {"User-Agent": name, **headers}).name for name, headers in {
        "header": {"X-Route-To": "alice"}, "cookie": {"Cookie": "a=b; X-Route-To=alice; c=d"},
        "other": {"X-Route-To": "bob"}, "path": {"X-Route-To": "../orders/to-alice"}, "long": {"X-Route-To": "a" * 65},
        "cookie of another name": {"Cookie": "NX-Route-To=alice"},
    }.items()}  # fmt: skip
    assert {"header": "orders", "cookie": "orders", "other": "", "path": "", "long": "",
            "cookie of another name": ""} == asked  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "REPORT"])
def test_a_service_that_is_down_is_not_noticed(
    shop: tuple[System, dict[str, StandIn], int], tmp_path: Path, method: str
) -> None:  # fmt: skip
    """The monolith answers, the request's body with it."""
    _, behind, port = shop
    flag(tmp_path, "orders")
    behind["orders"].close()
    for _ in range(5):
        answered = ask(port, method, "/v1/orders/7", body=b"x" * 20_000)
        assert (200, "", method) == (answered.status, answered.name, answered.method)
    assert [method] * 5 == behind[""].asked


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "REPORT"])
def test_what_may_have_been_executed_is_not_sent_again(
    shop: tuple[System, dict[str, StandIn], int], tmp_path: Path, method: str
) -> None:  # fmt: skip
    """Neither to the service, on another connection, nor to the monolith: the client is told."""
    _, behind, port = shop
    flag(tmp_path, "orders")
    assert "orders" == ask(port, method, "/v1/orders/7", body=b"x").name  # the connection is kept, and used again
    behind["orders"].fail = True
    assert 502 == ask(port, method, "/v1/orders/7", body=b"x").status
    assert ([method] * 2, []) == (behind["orders"].asked, behind[""].asked)


def test_what_only_reads_is_asked_for_again(
    shop: tuple[System, dict[str, StandIn], int], tmp_path: Path
) -> None:  # fmt: skip
    """When the service fails in the middle of a GET, the monolith answers."""
    _, behind, port = shop
    flag(tmp_path, "orders")
    behind["orders"].fail = True
    answered = ask(port, "GET", "/v1/orders/7")
    assert (200, "") == (answered.status, answered.name)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "REPORT"])
def test_what_leaves_without_a_word_loses_nothing(
    shop: tuple[System, dict[str, StandIn], int], tmp_path: Path, method: str
) -> None:  # fmt: skip
    """A server that closes a connection after it has answered: the next request is its own too, flag up and down."""
    _, behind, port = shop
    for context in ("orders", ""):
        behind[context].leave = True
        flag(tmp_path, "orders", None if context else [])
        for _ in range(20):
            answered = ask(port, method, "/v1/orders/7")
            assert (200, context) == (answered.status, answered.name)
    assert [method] * 20 == behind[""].asked


def test_one_that_fails_sends_nobody_else_away(
    shop: tuple[System, dict[str, StandIn], int], tmp_path: Path
) -> None:  # fmt: skip
    """After one request that was not answered, all others still come to the service."""
    _, behind, port = shop
    flag(tmp_path, "orders")
    behind["orders"].fail = True
    assert 502 == ask(port, "POST", "/v1/orders").status
    behind["orders"].fail = False
    assert ["orders"] * 20 == [ask(port, "POST", "/v1/orders").name for _ in range(20)]


def failures(made: System, behind: dict[str, StandIn], port: int, folder: Path) -> set[str]:
    """Which of the checks above do not hold: each at its owner, connections closed, service killed or down."""
    found = set()
    flag(folder, "orders")
    flag(folder, "payment")
    for owner, method, path in REQUESTS:
        answered = ask(port, method, path)
        if (owner, method, path) != (answered.name, answered.method, answered.path):
            found.add("owner")
    behind["orders"].leave = True
    if any("orders" != ask(port, "POST", "/v1/orders/7", body=b"x").name for _ in range(3)):
        found.add("lost")
    behind["orders"].leave = False
    behind["orders"].fail, already = True, len(behind[""].asked)
    for method in ("POST", "PUT"):
        ask(port, method, "/v1/orders/7", body=b"x")
    if len(behind[""].asked) > already:
        found.add("twice")
    behind["orders"].close()
    if 200 != ask(port, "POST", "/v1/orders/7", body=b"x").status:
        found.add("down")
    return found


MUTANTS = {
    "none": ({}, set()),
    "a location dropped": ({"location /v1/payments/ {": "location /never/ {"}, {"owner"}),
    "an owner swapped": ({"set $shop_context payment;": "set $shop_context orders;"}, {"owner"}),
    "a prefix stripped": ({"proxy_pass http://$shop_to;": "proxy_pass http://$shop_to/;"}, {"owner"}),
    "no upgrade": ({"proxy_set_header Upgrade $http_upgrade;": ""}, {"owner"}),
    "no backup": ({" max_fails=0 backup;": " max_fails=0 down;"}, {"down"}),
    "sent again": ({"proxy_next_upstream error timeout;": "proxy_next_upstream error timeout non_idempotent;"},
                   {"twice"}),
    "every method as a POST": ({"default @shop-once;": "default @shop-proxy;"}, {"twice"}),
    "every method as a GET": ({"default @shop-once;": "default @shop-kept;"}, {"twice"}),
    "connections kept": ({"POST @shop-proxy;": "POST @shop-kept;"}, {"lost", "twice"}),
    "what was sent is asked again": ({'_lost {\n        default 502;': '_lost {\n        default "";'}, {"twice"}),
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_fails_its_check(mutant: str, tmp_path: Path) -> None:
    """So the checks would see it."""
    change, expected = MUTANTS[mutant]
    made = on_free_ports(SHOP)
    with stand_ins(made) as behind, served(made, tmp_path, change) as port:
        assert expected == failures(made, behind, port, tmp_path)
