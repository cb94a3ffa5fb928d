"""What the switch of traffic costs and loses: nginx as rendered, two counting servers, wrk.

`python -m benchmarks.traffic` prints what is measured: requests lost over 40 flips under load, the share of 10,000
clients at some percentages, and what nginx adds to the median latency.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from decomposer.shell.flags import set_percent
from tests.scaffold.nginx_server import NGINX, ask, on_free_ports, served
from tests.scaffold.systems import operations, service, system

SERVER = '''
count = 0


async def application(scope, receive, send):
    """Counts what is not a GET, and tells the count."""
    global count
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    count += scope["method"] != "GET"
    headers = [(b"content-type", b"text/plain"), (b"x-name", NAME)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(count).encode()})
'''
SCRIPT = 'wrk.method = "POST"\nwrk.body = string.rep("x", 200)\nwrk.headers["Content-Type"] = "text/plain"\n'
PATH = "/v1/orders"
_FIGURES = {
    "requests": re.compile(r"(\d+) requests in"), "refused": re.compile(r"Non-2xx or 3xx responses: (\d+)"),
    "errors": re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)"),
    "median": re.compile(r"50%\s+([\d.]+)(us|ms|s)"),
}  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What wrk saw: requests that were answered, those that were lost in any way, and the median in milliseconds."""

    requests: int
    lost: int
    median: float


@dataclass(frozen=True)
class Shop:
    """A running system of one service: nginx's port, the monolith's, the service's, and where its flags are."""

    port: int
    monolith: int
    service: int
    folder: Path

    def flip(self, percent: int) -> None:
        """Sends so many of a hundred clients to the service."""
        set_percent(self.folder, "flags", "orders", percent)

    def executed(self) -> tuple[int, int]:
        """How many requests that are no GET the monolith and the service have executed."""
        monolith, service = (_get(port) for port in (self.monolith, self.service))
        return monolith, service


def _get(port: int) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{PATH}", timeout=10) as answer:
        return int(answer.read())


@contextmanager
def shop(folder: Path) -> Iterator[Shop]:
    """The system, running until the end."""
    made = on_free_ports(system([service("orders", 8101)], operations(f"orders GET {PATH}", f"orders POST {PATH}")))
    ports = {"monolith": made.monolith.port, "service": made.serving()[0].port}
    with ExitStack() as running:
        for name, port in ports.items():
            running.enter_context(uvicorn(folder, name, port, SERVER))
        port = running.enter_context(served(made, folder))
        yield Shop(port, ports["monolith"], ports["service"], folder)


@contextmanager
def uvicorn(folder: Path, name: str, port: int, code: str, level: str = "warning") -> Iterator[subprocess.Popen[bytes]]:
    """The process of an application that runs until the end; NAME in its `code` is replaced with its name."""
    (folder / f"{name}_app.py").write_text(code.replace("NAME", repr(name.encode())))
    process = subprocess.Popen([sys.executable, "-m", "uvicorn", f"{name}_app:application", "--port", str(port),
                                "--no-access-log", "--log-level", level], cwd=folder)  # fmt: skip
    try:
        until = time.monotonic() + 20
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not start")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def load(folder: Path, port: int, seconds: int, connections: int = 16, is_post: bool = True) -> Loaded:
    """What wrk sees when it asks as fast as it is answered."""
    script = folder / "post.lua"
    script.write_text(SCRIPT)
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--latency"]
    told = subprocess.run([*command, *(["-s", str(script)] if is_post else []), f"http://127.0.0.1:{port}{PATH}"],
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    found = {name: pattern.search(told) for name, pattern in _FIGURES.items()}
    requests, refused, errors, median = found.values()
    assert requests is not None and median is not None, told
    lost = (int(refused[1]) if refused else 0) + (sum(map(int, errors.groups())) if errors else 0)
    return Loaded(int(requests[1]), lost, float(median[1]) * {"us": 0.001, "ms": 1, "s": 1000}[median[2]])


def flips(running: Shop, count: int, seconds: int) -> tuple[Loaded, tuple[int, int]]:
    """What was answered and lost while all traffic went to and fro so many times, and what each side executed."""
    before = running.executed()
    ended = threading.Event()

    def flip() -> None:
        for number in range(count):
            running.flip(0 if number % 2 else 100)
            if ended.wait(seconds * 0.9 / count):
                return

    thread = threading.Thread(target=flip)
    thread.start()
    try:
        seen = load(running.folder, running.port, seconds)
    finally:
        ended.set()
        thread.join()
    after = running.executed()
    return seen, (after[0] - before[0], after[1] - before[1])


def share(running: Shop, percent: int, clients: int) -> float:
    """How many of a hundred clients come to the service, each with an address and a program of its own."""
    running.flip(percent)
    there = 0
    for number in range(clients):
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = {"X-Forwarded-For": f"{address}, 192.0.2.1", "User-Agent": f"client/{number % 7}"}
        there += ask(running.port, "GET", PATH, headers).name == "service"
    return 100 * there / clients


def added(running: Shop, seconds: int, rounds: int = 3) -> tuple[float, float]:
    """The median latency of a service asked directly, and through nginx, in milliseconds: the best of some turns."""
    running.flip(100)
    direct, through = [], []
    for _ in range(rounds):
        direct.append(load(running.folder, running.service, seconds, 1, False).median)
        through.append(load(running.folder, running.port, seconds, 1, False).median)
    return min(direct), min(through)


def main() -> int:
    """Measures all, and prints it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.traffic", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20, help="how long the load lasts (default 20)")
    parser.add_argument("--clients", type=int, default=10_000, help="how many clients are counted (default 10,000)")
    given = parser.parse_args()
    if not NGINX or not shutil.which("wrk"):
        print("nginx and wrk are needed (on Debian: apt install nginx-light wrk)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, shop(Path(folder)) as running:
        seen, (monolith, at_service) = flips(running, 40, given.seconds)
        print(f"40 flips under POST load of 16 connections: {seen.requests:,} answered, {seen.lost} lost; executed "
              f"{monolith:,} by the monolith and {at_service:,} by the service")  # fmt: skip
        for percent in (5, 25, 50):
            print(f"{percent} % asked for: {share(running, percent, given.clients):.1f} % of {given.clients:,} clients")
        direct, through = added(running, max(1, given.seconds // 5))
        more = through - direct
        print(f"median latency: {direct:.3f} ms directly, {through:.3f} ms through nginx: {more:.3f} ms more")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
