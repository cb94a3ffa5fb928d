"""nginx as installed, running a configuration on loopback; and stand-ins for what lies behind it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from decomposer.scaffold.nginx.rendering import whole
from decomposer.scaffold.system import System
from decomposer.scaffold.templates import renderer
from decomposer.shell.locate import data_folder

NGINX = shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), "")
needs_nginx = pytest.mark.skipif(not NGINX, reason="nginx is not installed (on Debian: apt install nginx-light)")
TEMPLATE = renderer(data_folder("templates"))


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def on_free_ports(system: System) -> System:
    """The same system, the monolith and each service on a port of their own."""
    serving = system.serving()
    monolith, *ports = free_ports(1 + len(serving))
    given = {service.context: port for service, port in zip(serving, ports, strict=True)}
    services = tuple(replace(one, port=given.get(one.context, 0)) for one in system.services)
    return replace(system, monolith=replace(system.monolith, port=monolith), services=services)


@contextmanager
def running(text: str, folder: Path, port: int) -> Iterator[int]:
    """A running nginx with this configuration, and its process id; it is ended at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(text)
    log = folder / "start.log"
    with log.open("wb") as out:
        process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=out,
                                   stderr=out)  # fmt: skip
    try:
        until = time.monotonic() + 10
        while True:
            assert process.poll() is None, log.read_text()
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.02)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextmanager
def served(system: System, folder: Path, change: Mapping[str, str] | None = None) -> Iterator[int]:
    """The port of nginx with the whole of a system, its flags in `folder / "flags"`; `change` respells parts of it."""
    port = free_ports(1)[0]
    text = whole(system, str(folder), f"127.0.0.1:{port}", TEMPLATE, flags=str(folder / "flags"),
                 user="root" if os.geteuid() == 0 else "")
    for old, new in (change or {}).items():
        assert old in text
        text = text.replace(old, new)
    with running(text, folder, port):
        yield port


def flag(folder: Path, context: str, names: Sequence[object] | None = None) -> None:
    """Sets the flag files of a context: all hundred, or those named."""
    there = folder / "flags" / context
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    for name in range(100) if names is None else names:
        (there / str(name)).touch()


@dataclass(frozen=True)
class Answered:
    """A response as it came: who answered, for which method and raw path, and its status; or what nginx itself said."""

    status: int
    name: str = ""
    method: str = ""
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
        ) -> Answered:  # fmt: skip
    """What a request gets, its path sent as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        if method == "WEBSOCKET":
            headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
                       "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==", **(headers or {})}  # fmt: skip
        connection.putrequest("GET" if method == "WEBSOCKET" else method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        said = {name.lower(): value for name, value in response.getheaders()}
        if response.status != 101:
            response.read()
        return Answered(response.status, said.get("x-name", ""), said.get("x-method", ""), said.get("x-path", ""), said)
    finally:
        connection.close()


class StandIn:
    """Something that listens on a port and answers every request with its own name and what it was asked.

    It answers a websocket's handshake with 101. When it is to `fail`, it counts a request and closes the connection;
    when it is to `leave`, it answers and closes the connection a little later, without having said so.
    """

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port, self.asked, self.fail, self.leave = name, port, list[str](), False, False
        self.listening = socket.socket()
        self.listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listening.bind(("127.0.0.1", port))
        self.listening.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            while True:
                words = reader.readline().decode("latin-1").split(" ")
                if len(words) < 3:
                    return
                headers = {}
                while line := reader.readline().decode("latin-1").strip():
                    name, _, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                reader.read(int(headers.get("content-length", 0)))
                self.asked.append(words[0])
                if self.fail:
                    return
                upgraded = "upgrade" in headers
                method = "WEBSOCKET" if upgraded and headers.get("connection", "").lower() == "upgrade" else words[0]
                status = "101 Switching Protocols" if upgraded else "200 OK"
                lines = [f"HTTP/1.1 {status}", f"X-Name: {self.name}", f"X-Method: {method}", f"X-Path: {words[1]}",
                         f"X-Host: {headers.get('host', '')}"]  # fmt: skip
                lines += ["Upgrade: websocket", "Connection: Upgrade"] if upgraded else ["Content-Length: 0"]
                connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
                if self.leave:
                    time.sleep(0.03)
                if upgraded or self.leave:
                    return

    def close(self) -> None:
        """Listens no more."""
        with suppress(OSError):  # it is closed already
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@contextmanager
def stand_ins(system: System, but: Sequence[str] = ()) -> Iterator[dict[str, StandIn]]:
    """A stand-in for the monolith ("") and every service but some, by context."""
    made = {"": StandIn("", system.monolith.port)}
    made |= {one.context: StandIn(one.context, one.port) for one in system.serving() if one.context not in but}
    try:
        yield made
    finally:
        for one in made.values():
            one.close()
