"""Servers that run until they are ended: started with a log each, waited for, watched, ended with all they began."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from msgspec import Struct

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.guardian import Guardian, end_groups
from decomposer.shell.probing import censored

LOOPBACK = "127.0.0.1"
_TAIL = 15
_PAUSE = 0.05
Line = Callable[[str, str], None]
"""Told the name of a server and a line that it printed."""


class Server(Struct, frozen=True):
    """A program that serves: its name, its words, its port, and the path at which it says that it is well."""

    name: str
    command: tuple[str, ...]
    port: int
    live: str = "/"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"


class NotStarted(Exception):
    """A server that was to serve, and ended or kept silent: its name, why, the last lines of its log, and the log."""

    def __init__(self, name: str, why: str, lines: Iterable[str], log: Path) -> None:
        self.name, self.why, self.lines, self.log = name, why, tuple(lines), log
        super().__init__(f"{name} {why}")


class Died(Struct, frozen=True):
    """A server that ended by itself: its exit code, negative for a signal, and the last lines of its log."""

    name: str
    code: int
    lines: tuple[str, ...]


class Servers:
    """The servers that are running; leaving the context ends all of them and whatever they have started.

    `folder` holds their logs, `NAME.log`; the values of the variables given are in none of them.
    """

    def __init__(
        self, folder: Path, cwd: Path, environment: Mapping[str, str], secrets: Mapping[str, str],
        line: Line | None = None,
    ) -> None:  # fmt: skip
        self.folder, self.cwd, self._environment, self._secrets = folder, cwd, environment, secrets
        self._line = line
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._tails: dict[str, deque[str]] = {}
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> Servers:
        self._guardian = Guardian()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        alive = list(self._running.values())
        end_groups({process.pid for process in alive}, reap=lambda: [process.poll() for process in alive])
        for process in alive:
            process.wait()
            self._guardian.forget(process.pid)
        for reader in self._readers:
            reader.join(1)
        self._guardian.dismiss()

    def start(self, server: Server, listening: socket.socket | None = None) -> None:
        """Begins one, in a process group of its own; a socket that is given is its from now on."""
        process = subprocess.Popen(
            list(server.command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=self.cwd, env=dict(self._environment), start_new_session=True,
            pass_fds=(listening.fileno(),) if listening is not None else (),
        )  # fmt: skip
        if listening is not None:
            listening.close()
        self._guardian.watch(process.pid)
        self._running[server.name] = process
        self._tails[server.name] = deque(maxlen=_TAIL)
        reader = threading.Thread(target=self._read, args=(server.name, process), daemon=True)
        reader.start()
        self._readers.append(reader)

    def wait_for(self, servers: Iterable[Server], seconds: float) -> None:
        """Returns when each of them answers; raises NotStarted for one that does not."""
        until = time.monotonic() + seconds
        for server in servers:
            while not _answers(server):
                for died in self.dead():
                    self._fail(died.name, f"ended with exit code {died.code}", died.lines)
                if time.monotonic() > until:
                    self._fail(server.name, f"does not answer within {seconds:g} seconds", self._tails[server.name])
                time.sleep(_PAUSE)

    def dead(self) -> Iterator[Died]:
        """Those that have ended since it was asked last; what they had started is ended as well."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                end_groups({process.pid}, 0)
                self._guardian.forget(process.pid)
                del self._running[name]
                for reader in self._readers:
                    if reader.name == name:
                        reader.join(1)
                yield Died(name, process.returncode, tuple(self._tails[name]))

    def pids(self) -> dict[str, int]:
        """The processes by name."""
        return {name: process.pid for name, process in self._running.items()}

    def _read(self, name: str, process: subprocess.Popen[bytes]) -> None:
        threading.current_thread().name = name
        assert process.stdout is not None
        with open(self.folder / f"{name}.log", "w", encoding="utf-8", buffering=1) as log:
            for raw in process.stdout:
                line = censored(raw.decode("utf-8", "replace").rstrip("\r\n"), self._secrets)
                log.write(f"{line}\n")
                self._tails[name].append(line)
                if self._line is not None:
                    self._line(name, line)

    def _fail(self, name: str, why: str, lines: Iterable[str]) -> None:
        raise NotStarted(name, why, lines, self.folder / f"{name}.log")


def free_ports(wanted: Sequence[int]) -> list[int]:
    """Ports that were free a moment ago, as `listening` chooses them."""
    with listening(wanted) as sockets:
        return [port_of(one) for one in sockets]


@contextmanager
def listening(wanted: Sequence[int]) -> Iterator[list[socket.socket]]:
    """A socket that listens on each port that is wanted, on any other where it is taken; nobody else gets these.

    Those that were not given to a server are closed in the end.
    """
    held: list[socket.socket] = []
    try:
        for port in wanted:
            held.append(_bound(port) or _any_port())
        yield held
    finally:
        for one in held:
            one.close()


def port_of(listening: socket.socket) -> int:
    """The port of a socket."""
    return int(listening.getsockname()[1])


def _bound(port: int) -> socket.socket | None:
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
        found.listen(2048)
    except OSError:
        found.close()
        return None
    return found


def _any_port() -> socket.socket:
    found = _bound(0)
    if found is None:
        raise DecomposerError(Problem(LOOPBACK, 0, "no-port", "the system has no free port left"))
    return found


def _answers(server: Server) -> bool:
    """Whether it answers, and not that it is unwell."""
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=2)
    try:
        connection.request("GET", server.live)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """A folder, made where it is not there, that no other run uses meanwhile; raises DecomposerError where one does."""
    import fcntl

    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DecomposerError(Problem(str(folder), 0, "runs", "is used by another run", "end that one first")) \
                from None  # fmt: skip
        yield folder


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Lets SIGTERM and SIGHUP interrupt as Control-C does, each once: what ends afterwards is to end in peace."""
    import signal

    def interrupt(number: int, frame: object) -> None:
        for other in numbers:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def find_nginx() -> str:
    """The program nginx; raises DecomposerError, with how to get it, where there is none."""
    found = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))
    if found is None:
        raise DecomposerError(Problem("nginx", 0, "no-nginx", "there is no such program", "install it: "
                                      "apt install nginx-light, dnf install nginx, or brew install nginx"))  # fmt: skip
    return found
