"""What a client's call costs beside a bare httpx call to the same endpoint, and what a thousand failing calls give.

`python -m benchmarks.clients` serves the golden case `clients` and prints both; nothing is written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

from tests.extraction.test_clients import CASE, SAID, environment, failed, owner, saying

ROUNDS, CALLS, TRIES, TIMEOUT = 7, 300, 38, 0.25
MEASURED = """
import json, os, statistics, sys, time
import httpx
from app.services import bills
from backend_core.values import Kind, Line, Order
from decimal import Decimal

order = Order(lines=[Line(Kind.LARGE, Decimal("2.50"), 3)])
url = os.environ["BILLING_URL"] + "/internal/billing/services_bills/total"
content = json.dumps({"order": order.model_dump(mode="json"), "rate": 2}).encode()
headers = {"content-type": "application/json", "authorization": "Bearer " + os.environ["INTERNAL_TOKEN"]}
bare = httpx.Client(trust_env=False)

def timed(call, count):
    begun = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - begun) / count * 1e6

def post():
    assert bare.post(url, content=content, headers=headers).json() == {"value": "15.00"}

def call():
    assert bills.total(order, 2) == Decimal("15.00")

rounds, count = int(sys.argv[1]), int(sys.argv[2])
timed(post, 50), timed(call, 50)
pairs = [(timed(post, count), timed(call, count)) for _ in range(rounds)]
print(json.dumps([statistics.median(p for p, _ in pairs), statistics.median(c for _, c in pairs)]))
"""


def cost() -> tuple[float, float]:
    """Microseconds of a bare call and of a client's, medians of rounds that take turns in one process."""
    apps = CASE / "after" / "apps"
    core = apps / "backend-core" / "src"
    with owner(apps / "billing" / "src", core) as url:
        variables = environment(apps / "orders" / "src", core) | {"BILLING_URL": url}
        done = subprocess.run([sys.executable, "-c", MEASURED, str(ROUNDS), str(CALLS)], env=variables, check=True,
                              capture_output=True, text=True)  # fmt: skip
    bare, client = json.loads(done.stdout)
    return bare, client


def main() -> None:
    """Measures and prints."""
    bare, client = cost()
    print(f"a bare httpx call {bare:.0f} us, a client's call {client:.0f} us: {client / bare:.2f} times as much")
    total = wrong = twice = 0
    slowest = 0.0
    for kind, (content, expected) in {"killed": (b"", "OwnerUnavailable"), **SAID}.items():
        if kind == "killed":
            found, got = failed("http://127.0.0.1:1", TIMEOUT, TRIES), list[bytes]()
        else:
            with saying(content) as (url, got):
                found = failed(url, TIMEOUT, TRIES)
        sent = Counter(request.split(b" ", 2)[1].rpartition(b"/")[2] for request in got if request)
        total += len(found)
        wrong += sum(name != expected for name, _ in found)
        twice += max(0, sent[b"labels"] - TRIES) + max(0, sent[b"issue"] - TRIES)
        slowest = max([slowest, *(seconds for _, seconds in found)])
    print(f"{total:,} calls of owners that fail: {wrong} without the documented error; the slowest took {slowest:.2f} "
          f"s with a time-out of {TIMEOUT} s; {twice} that must not be repeated were sent twice")  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    main()
