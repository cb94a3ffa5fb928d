"""Servers started, watched and ended; and what becomes of them when whoever started them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from decomposer.model.problems import DecomposerError
from decomposer.shell.asking import ask
from decomposer.shell.copying import copy_data, link_inside
from decomposer.shell.serving import NotStarted, Server, Servers, alone, ended_by_signals, free_ports
from tests.running.processes import processes_of, wait_until

PROGRAM = """
import http.server, os, subprocess, sys
kept = {"grandchild": subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", sys.argv[2]])}
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/end":
            os._exit(7)
        print("asked for", self.path, os.environ["TOKEN"], flush=True)
        self.send_response(200)
        self.send_header("X-One", "1")
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *words):
        pass
print("listening", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@contextmanager
def serving(folder: Path, lines: list[tuple[str, str]] | None = None) -> Iterator[tuple[Servers, Server]]:
    """One server that has started another process."""
    port = free_ports([0])[0]
    server = Server("one", (sys.executable, "-c", PROGRAM, str(port), str(folder)), port)
    told = (lambda name, line: lines.append((name, line))) if lines is not None else None
    environment = {"PATH": os.environ["PATH"], "TOKEN": "top-secret"}
    with Servers(folder, folder, environment, {"TOKEN": "top-secret"}, told) as servers:
        servers.start(server)
        servers.wait_for([server], 20)
        yield servers, server


def test_everything_ends(tmp_path: Path) -> None:
    """A server answers until the context is left; then it and what it had started are gone. No log has its secrets."""
    lines: list[tuple[str, str]] = []
    with serving(tmp_path, lines) as (servers, server):
        reply = ask(server.port, "GET", "/x?y", [("host", "localhost")], None, 5)
        assert (200, b"hello") == (reply.status, reply.body)
        assert ("x-one", "1") in reply.headers
        assert 2 == len(processes_of(tmp_path))
        assert [] == list(servers.dead())
    assert [] == processes_of(tmp_path)
    assert [("one", "listening"), ("one", "asked for / <TOKEN>"), ("one", "asked for /x?y <TOKEN>")] == lines
    assert "listening\nasked for / <TOKEN>\nasked for /x?y <TOKEN>\n" == (tmp_path / "one.log").read_text()
    assert "the connection was closed" == ask(server.port, "GET", "/", [], None, 5).trouble


def test_one_that_ends_by_itself(tmp_path: Path) -> None:
    """It is told once, with its exit code and its last lines; what it had started ends with it."""
    with serving(tmp_path) as (servers, server):
        ask(server.port, "GET", "/end", [("host", "localhost")], None, 5)
        found = []
        wait_until(lambda: found.extend(servers.dead()) or found)
        assert [("one", 7)] == [(died.name, died.code) for died in found]
        assert "listening" == found[0].lines[0]
        assert [] == list(servers.dead())
        wait_until(lambda: not processes_of(tmp_path))


def test_one_that_does_not_start(tmp_path: Path) -> None:
    """It is told with its last lines, whether it ended or only keeps silent."""
    ending = Server("bad", (sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"), 1)
    silent = Server("mute", (sys.executable, "-c", "import time; time.sleep(600)", str(tmp_path)), free_ports([0])[0])
    with Servers(tmp_path, tmp_path, {}, {}) as servers:
        servers.start(ending)
        with pytest.raises(NotStarted) as error:
            servers.wait_for([ending], 20)
        assert ("bad", "ended with exit code 3", ("no such thing",)) == \
            (error.value.name, error.value.why, error.value.lines)  # fmt: skip
        servers.start(silent)
        with pytest.raises(NotStarted, match="mute does not answer within"):
            servers.wait_for([silent], 0.3)
    assert [] == processes_of(tmp_path)


def test_a_killed_parent_leaves_nothing(tmp_path: Path) -> None:
    """When whoever started them is killed without a chance to end them, they end nevertheless."""
    script = (
        "import sys, time; from pathlib import Path; from tests.running.test_serving import serving\n"
        "with serving(Path(sys.argv[1])): print('up', flush=True); time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert b"up\n" == parent.stdout.readline()
    assert 3 == len(processes_of(tmp_path))
    parent.kill()
    parent.wait()
    wait_until(lambda: not processes_of(tmp_path))
    parent.stdout.close()


def test_ports() -> None:
    """A port that is free is given as it is wanted, any other where it is taken or wanted twice."""
    free = free_ports([0])[0]
    first, second = free_ports([free, free])
    assert free == first != second > 0


def test_signals_interrupt_once() -> None:
    """SIGTERM ends as Control-C does; what ends afterwards is not interrupted again."""
    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)


def test_a_folder_for_one(tmp_path: Path) -> None:
    """Two runs do not share a folder; it is free again when the first has ended."""
    with alone(tmp_path / "up"), pytest.raises(DecomposerError, match="is used by another run"), alone(tmp_path / "up"):
        pass
    with alone(tmp_path / "up") as folder:
        assert folder.is_dir()


def test_copies_of_data(tmp_path: Path) -> None:
    """Files, with what SQLite keeps beside them, and folders are copied; a name twice, or none, is an error."""
    (tmp_path / "a").mkdir()
    for name in ("a/x.db", "a/x.db-wal", "y.db", "a/y.db"):
        (tmp_path / name).write_text(name)
    copy_data([tmp_path / "a/x.db", tmp_path / "y.db"], tmp_path / "copy")
    assert ["x.db", "x.db-wal", "y.db"] == sorted(path.name for path in (tmp_path / "copy").iterdir())
    copy_data([tmp_path / "a"], tmp_path / "whole")
    assert "a/x.db-wal" == (tmp_path / "whole/a/x.db-wal").read_text()
    with pytest.raises(DecomposerError, match="is copied as well"):
        copy_data([tmp_path / "a/y.db", tmp_path / "y.db"], tmp_path / "twice")
    with pytest.raises(DecomposerError, match="no such file or folder"):
        copy_data([tmp_path / "z.db"], tmp_path / "none")


def test_copies_where_the_code_looks_for_them(tmp_path: Path) -> None:
    """What lies below the start folder is seen as its copy, at its place, what lies beside it as it is."""
    start, copies, work = tmp_path / "start", tmp_path / "copies", tmp_path / "work"
    for name in ("var/data/x.db", "var/other.txt", "var/.env"):
        (start / name).parent.mkdir(parents=True, exist_ok=True)
        (start / name).write_text("first")
    work.mkdir()
    copy_data([start / "var/data/x.db"], copies)
    link_inside([start / "var/data/x.db", tmp_path / "elsewhere"], copies, start, work)
    (work / "var/data/x.db").write_text("written")
    assert ("first", "written") == ((start / "var/data/x.db").read_text(), (copies / "x.db").read_text())
    assert "first" == (work / "var/other.txt").read_text()
    assert not (work / "var/.env").exists()
