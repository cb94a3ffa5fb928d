"""Tests of the services together: what they ask, of whom, and that they fail where something is not as it should be."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from decomposer.model.config import Finish
from decomposer.scaffold.system import System
from tests.scaffold.systems import operations, rendered, service, system

ROUTES = operations("orders GET /v1/orders/{id:int}", "orders POST /v1/orders", "money GET /v1/money", "- GET /version")
OWNER = service("money", 8102, modules=("apps/money/src/app/_internal/money.py",))
PLACE = "apps/between-services/test_between_services.py"


def made() -> System:
    """Orders, and money that answers the rest and what services call."""
    found = system([service("orders", 8101), OWNER], ROUTES)
    core = replace(found.services[0], modules=("apps/shop-core/src/shop_core/internal_calls.py",))
    rest = replace(found.services[2], operations=(*found.services[2].operations, ROUTES[3]))
    return replace(found, services=(core, found.services[1], rest), finish=Finish("money"))


def test_nothing_is_rendered_while_nobody_answers_the_rest() -> None:
    """Then nobody knows what is asked of whom."""
    assert ({}, []) == rendered("tests", replace(made(), finish=Finish()))


def test_nobody_is_asked_for_what_another_one_answers() -> None:
    """Of two routes that match a path, the first one answers, in the monolith as behind nginx."""
    routes = operations("money GET /v1/{what}", "orders GET /v1/orders", "orders GET /v1/orders/{rest:path}",
                        "money GET /v1/orders/{id}", "- GET /version")  # fmt: skip
    found = system([service("orders", 8101), OWNER], routes)
    text = rendered("tests", replace(found, finish=Finish("money")))[0][PLACE]
    asked = [line.strip() for line in text.splitlines() if line.startswith('        ("')]
    assert ['("money", "/v1/0-0"),', '("orders", "/v1/orders/0-0"),'] == asked


class _Answers(BaseHTTPRequestHandler):
    """Nginx and both services at once: `odd` is answered otherwise on the second time that it is asked for."""

    odd = ""
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        """Answers 200, 404 below the internal path."""
        self.asked.append(self.path)
        is_closed = self.path.startswith("/internal")
        self.answer(418 if self.path == self.odd and self.asked.count(self.path) == 1 else 404 if is_closed else 200)

    def do_POST(self) -> None:
        """Answers that there is no token."""
        self.answer(418 if self.odd == "POST" else 401)

    def answer(self, status: int) -> None:
        """Sends an empty answer."""
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def answering(odd: str) -> Iterator[str]:
    """The address of what answers."""
    handler = type("Handler", (_Answers,), {"odd": odd, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("odd", "failing"),
    [("", 0), ("/health", 1), ("/v1/orders/0", 1), ("/version", 1), ("/internal/money", 1), ("POST", 1)],
)
def test_they_fail_where_something_is_otherwise(odd: str, failing: int, tmp_path: Path) -> None:
    """A service that is not ready, a path that leads elsewhere, and what services call that is open to others."""
    files, problems = rendered("tests", made())
    assert ([PLACE], []) == (list(files), problems)
    place = tmp_path / "test_between_services.py"
    place.write_text(files[PLACE])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore", str(place)]
    assert "6 skipped" in subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={}).stdout
    with answering(odd) as url:
        told = {"GATEWAY_URL": url, "ORDERS_URL": url, "MONEY_URL": url}
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=told)
    assert f"{6 - failing} passed" in done.stdout, done.stdout
    assert (f"{failing} failed" in done.stdout) == (failing > 0)
