"""Real applications behind nginx as rendered that fail, and one that is killed: what was asked is executed once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest

from benchmarks.traffic import uvicorn
from tests.scaffold.nginx_server import Answered, ask, flag, needs_nginx, on_free_ports, served
from tests.scaffold.systems import operations, service, system

pytestmark = [pytest.mark.proof, needs_nginx]
ROUTES = operations("orders GET /v1/orders", "orders POST /v1/orders", "orders GET /v1/orders/{id}")
APPLICATION = """
import time
from pathlib import Path

from fastapi import FastAPI, Request, Response

application = FastAPI()
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@application.api_route("/v1/orders/slow", methods=METHODS)
def slow(request: Request, response: Response) -> None:
    with Path(NAME.decode() + ".log").open("a") as log:
        log.write(request.method + chr(10))
    time.sleep(1.5 if NAME == b"service" else 0)
    response.headers["x-name"] = NAME.decode()


@application.api_route("/v1/orders", methods=METHODS)
def broken() -> None:
    raise RuntimeError(NAME)
"""


@dataclass(frozen=True)
class Running:
    """nginx's port, the process of the service, and the folder in which applications note what they execute."""

    port: int
    service: Popen[bytes]
    folder: Path

    def executed(self, name: str) -> list[str]:
        """The methods of what an application has begun to execute."""
        log = self.folder / f"{name}.log"
        return log.read_text().split() if log.exists() else []


@contextmanager
def shop(folder: Path) -> Iterator[Running]:
    """A monolith and a service, all traffic sent to the service."""
    made = on_free_ports(system([service("orders", 8101)], ROUTES))
    with ExitStack() as running:
        running.enter_context(uvicorn(folder, "monolith", made.monolith.port, APPLICATION, "critical"))
        process = running.enter_context(uvicorn(folder, "service", made.serving()[0].port, APPLICATION, "critical"))
        port = running.enter_context(served(made, folder))
        flag(folder, "orders")
        yield Running(port, process, folder)


def test_errors_that_nobody_handles_are_answers(tmp_path: Path) -> None:
    """Each request comes back as the application answered it: 500, of the service and of the monolith, none is lost.

    After such an error uvicorn closes the connection and does not say so.
    """
    with shop(tmp_path) as running:
        for names in (None, []):
            flag(tmp_path, "orders", names)
            for method in ("POST", "PUT", "PATCH", "DELETE", "GET"):
                assert {500: 100} == Counter(ask(running.port, method, "/v1/orders").status for _ in range(100))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
def test_a_killed_service_has_executed_once(method: str, tmp_path: Path) -> None:
    """Killed while it works on a request: the client is told, and nobody executes it again; a GET is asked again."""
    answers: list[Answered] = []
    with shop(tmp_path) as running:
        def asked() -> Answered:
            return ask(running.port, method, "/v1/orders/slow", body=b"x")

        asking = threading.Thread(target=lambda: answers.append(asked()))
        asking.start()
        until = time.monotonic() + 10
        while not running.executed("service"):
            assert time.monotonic() < until
            time.sleep(0.01)
        running.service.kill()
        asking.join()
        running.service.wait(10)  # until then its socket takes what nobody is there to answer
        again = [method] if method == "GET" else []
        assert ([method], again) == (running.executed("service"), running.executed("monolith"))
        assert [(200, "monolith") if again else (502, "")] == [(one.status, one.name) for one in answers]
        assert "monolith" == asked().name
