"""What a service gets from a client is what the calling code got from the module itself, exceptions included."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

CASE = Path(__file__).parent.parent / "cases" / "extract" / "clients"
ASKED = """
import asyncio, datetime, json, sys
from decimal import Decimal
from importlib import import_module
from app.services import bills, ledger
from app.services.bills import Biller, Unpaid, counter
values = import_module("app.values" if "before" in sys.argv else "backend_core.values")
Kind, Line, Order = values.Kind, values.Line, values.Order

def told(value):
    return [type(value).__qualname__, repr(value), vars(value) if hasattr(value, "__dict__") else None]

def tried(call):
    try:
        found = call()
        return told(asyncio.run(found) if asyncio.iscoroutine(found) else found)
    except Exception as error:
        return [*told(error), str(error), [told(one) for one in error.args]]

order = Order(lines=[Line(Kind.LARGE, Decimal("2.50"), 3)], note="caf\\u00e9")
day = datetime.date(2030, 1, 2)
for call in [
    lambda: bills.total(order), lambda: bills.total(order, 3, rounded=True), lambda: bills.total(Order(lines=[])),
    lambda: bills.issue("a", order, day), lambda: bills.issue("nobody", order=order, due=day, _silent=True),
    lambda: asyncio.iscoroutinefunction(bills.issue), lambda: bills.labels(),
    lambda: bills.labels(Kind.SMALL, Kind.LARGE, because=(1, {2}), at=day, of=Decimal("1.0"), none=None, raw=b"\\0"),
    lambda: Biller(4).rated(order), Biller.kinds, lambda: counter.add(2), lambda: counter.add(3),
    lambda: bills.RATE, lambda: asyncio.run(bills.issue("a", order, day)).late(day),
    lambda: ledger.booked(None, "abc") if "before" not in sys.argv else 4,
    lambda: ledger.Ledger(None).size() if "before" not in sys.argv else 3,
]:
    print(tried(call))
"""


@contextmanager
def owner(*path: Path) -> Iterator[str]:
    """An application of the case that answers calls, by its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, env=environment(*path))
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if not tried.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def environment(*path: Path) -> dict[str, str]:
    """The variables of a process that finds modules in some folders and knows the token."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "INTERNAL_TOKEN": "a secret"}


def asked(script: str, *path: Path, url: str = "", token: str = "a secret", word: str = "") -> str:
    """What a script prints that calls what is on the path."""
    variables = environment(*path) | {"BILLING_URL": url, "INTERNAL_TOKEN": token, "INTERNAL_TIMEOUT": "1"}
    done = subprocess.run([sys.executable, "-c", script, word], env=variables, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.proof
def test_calls_over_http_are_what_calls_were() -> None:
    """Values, types, exceptions and what they carry stay the same with the owner elsewhere, in service or monolith."""
    service = CASE / "after" / "apps"
    core = service / "backend-core" / "src"
    before = asked(ASKED, CASE / "before" / "backend" / "src", word="before")
    assert 16 == before.count("\n"), before
    for served in ([service / "billing" / "src", core], [CASE / "after" / "backend" / "src"]):
        with owner(*served) as url:
            after = asked(ASKED, service / "orders" / "src", core, url=url)
        assert before.replace("app.services.bills", "app") == after.replace("app.services.bills", "app")


FAILING = """
import asyncio, json, sys, time
from app._clients import calling
from app.services import bills
from backend_core import internal_calls
from backend_core.values import Order

calling.TIMEOUT = float(sys.argv[1])
for _ in range(int(sys.argv[2])):
    for call in (lambda: bills.total(Order(lines=[])), lambda: bills.labels(), lambda: asyncio.run(bills.issue(
            "a", Order(lines=[]), __import__("datetime").date.today()))):
        begun = time.monotonic()
        try:
            found = repr(call())
        except Exception as error:
            found = type(error).__name__
        print(json.dumps([found, time.monotonic() - begun]))
"""
ENDS = b"connection: close\r\ncontent-length: "
PROBLEM = b"HTTP/1.1 422 No\r\ncontent-type: application/problem+json\r\n"
SAID = {
    "hangs up": (b"", "OwnerUnavailable"),
    "no HTTP": (b"\0\1nonsense\r\n\r\n", "OwnerUnavailable"),
    "cut off": (b"HTTP/1.1 200 OK\r\n" + ENDS + b"99\r\n\r\n{", "OwnerUnavailable"),
    "no JSON": (b"HTTP/1.1 200 OK\r\n" + ENDS + b"6\r\n\r\n<html>", "OwnerError"),
    "another form": (b"HTTP/1.1 200 OK\r\n" + ENDS + b'11\r\n\r\n{"other":1}', "OwnerError"),
    "an unknown exception": (PROBLEM + ENDS + b'36\r\n\r\n{"error":"os.system","args":["true"]}', "OwnerError"),
    "a refusal": (b"HTTP/1.1 401 No\r\n" + ENDS + b"2\r\n\r\n{}", "OwnerError"),
    "a gateway's word": (b"HTTP/1.1 503 No\r\n" + ENDS + b"2\r\n\r\n{}", "OwnerUnavailable"),
    "nothing for long": (None, "OwnerUnavailable"),
}  # fmt: skip


@contextmanager
def saying(content: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request, says something and hangs up, or says nothing; with the requests that it got."""
    got: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer(opened: socket.socket) -> None:
        with opened, suppress(OSError):
            said = opened.recv(65536)
            while said and b"\r\n\r\n" in said and len(said.split(b"\r\n\r\n", 1)[1]) < _length(said):
                said += opened.recv(65536)
            got.append(said)
            if content is None:
                opened.recv(1)  # until the other side has had enough
            else:
                opened.sendall(content)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", got
    finally:
        server.close()


def _length(request: bytes) -> int:
    found = re.search(rb"(?i)content-length: (\d+)", request)
    return int(found[1]) if found else 0


def failed(url: str, timeout: float, times: int) -> list[tuple[str, float]]:
    """What comes of calls, and the seconds that each takes: one that may be repeated, one that may not, one awaited."""
    apps = CASE / "after" / "apps"
    path = os.pathsep.join(map(str, (apps / "orders" / "src", apps / "backend-core" / "src")))
    variables = os.environ | {"PYTHONPATH": path, "INTERNAL_TOKEN": "a secret", "BILLING_URL": url}
    done = subprocess.run([sys.executable, "-c", FAILING, str(timeout), str(times)], env=variables,
                          capture_output=True, text=True, check=True)  # fmt: skip
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("content, expected", SAID.values(), ids=SAID)
def test_an_owner_that_fails_is_the_documented_error_in_time(content: bytes | None, expected: str) -> None:
    """Whatever an owner does, its callers have the error in time; what must not be repeated is sent once."""
    timeout = 2
    with saying(content) as (url, got):
        found = failed(url, timeout, 1)
    assert [expected] * 3 == [name for name, _ in found]
    assert max(seconds for _, seconds in found) < timeout + 1
    sent = [request.split(b" ", 2)[1].rpartition(b"/")[2] for request in got]
    repeated = 2 if expected == "OwnerUnavailable" else 1
    assert {b"total": repeated, b"labels": 1, b"issue": 1} == dict(Counter(sent))


def test_an_owner_that_is_not_there_is_the_documented_error() -> None:
    """Nothing listens: the error comes at once."""
    assert {"OwnerUnavailable"} == {name for name, _ in failed("http://127.0.0.1:1", 1, 1)}


def test_who_does_not_know_the_token_is_refused() -> None:
    """A wrong token, none, and an owner that has none itself: nothing is answered."""
    apps = CASE / "after" / "apps"
    core = apps / "backend-core" / "src"
    script = "import httpx, os\nfor said in ('Bearer a secret', 'Bearer another', 'Bearer', ''):\n    " \
        "print(httpx.post(os.environ['BILLING_URL'] + '/internal/billing/services_bills/labels', content='{}', " \
        "headers={'authorization': said}).status_code)"  # fmt: skip
    with owner(apps / "billing" / "src", core) as url:
        assert "200\n401\n401\n401\n" == asked(script, core, url=url)
