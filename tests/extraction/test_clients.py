"""What a service gets from a client is what the calling code got from the module itself, exceptions included."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
