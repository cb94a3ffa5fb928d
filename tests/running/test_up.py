"""`decompose up` for real: it serves, follows the flags, tells what dies, and leaves nothing behind however it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from decomposer.running.smoking import set_flags
from tests.running.processes import processes_of, wait_until
from tests.scaffold.nginx_server import needs_nginx

pytestmark = [pytest.mark.proof, needs_nginx]
FLAGS = "infra/nginx/flags"


def words_of(pid: int) -> bytes:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes()


class Running:
    """The command as it runs, with what it has printed and where nginx listens."""

    def __init__(self, root: Path, *more: str) -> None:
        self.root, self.out, self.err = root, root.parent / "out.txt", root.parent / "err.txt"
        words = [sys.executable, "-m", "decomposer", "up", "--python", sys.executable, "--env",
                 f"NOTES_DB={root.parent / 'top-secret.db'}", *more]  # fmt: skip
        with open(self.out, "w") as out, open(self.err, "w") as err:
            self.process = subprocess.Popen(words, cwd=root, stdout=out, stderr=err)

    def up(self) -> Running:
        """Itself, when everything answers."""
        wait_until(lambda: "Ctrl-C" in self.err.read_text() or self.process.poll() is not None, 40)
        assert self.process.poll() is None, self.err.read_text()
        return self

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """What is answered through nginx."""
        ports = re.findall(r"nginx\s+http://127\.0\.0\.1:(\d+)", self.out.read_text())
        connection = http.client.HTTPConnection("127.0.0.1", int(ports[0]), timeout=10)
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"content-type": "application/json"} if body is not None else {})
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer

    def told(self, line: str) -> bool:
        """Whether a line was printed that begins so."""
        return any(found.startswith(line) for found in self.out.read_text().splitlines())


@contextmanager
def running(notes: Path, tmp_path: Path, *more: str) -> Iterator[Running]:
    """The command in a copy of the repository; it is killed in the end where a test has not ended it."""
    root = tmp_path / "repository"
    if not root.exists():
        shutil.copytree(notes, root)
    found = Running(root, *more)
    try:
        yield found
    finally:
        found.process.kill()
        found.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_serves_until_it_is_interrupted(notes: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Requests go where the flags say, at once; lines have names; in the end all processes are gone, exit code 0."""
    with running(notes, tmp_path) as it:
        it.up()
        assert 201 == it.ask("POST", "/v1/notes", {"text": "one"})[0]
        wait_until(lambda: it.told("monolith | INFO:     127.0.0.1"))
        assert not it.told("notes    | ")
        done = subprocess.run([sys.executable, "-m", "decomposer", "route", "notes", "--to", "service"], cwd=it.root)
        assert 0 == done.returncode
        assert (200, '["one"]') == it.ask("GET", "/v1/notes")
        wait_until(lambda: it.told("notes    | INFO:     127.0.0.1"))
        assert "GET /v1/notes HTTP" in (it.root / ".decompose/up/notes.log").read_text()
        assert 7 == len(processes_of(it.root))  # the command, its guardian, the monolith, two services, two of nginx
        it.process.send_signal(number)
        assert 0 == it.process.wait(15)
        assert [] == processes_of(it.root)
        assert it.err.read_text().endswith("ending\neverything has ended\n")
        table = it.out.read_text().splitlines()[:5]
        assert ["what", "nginx", "monolith", "notes", "tags"] == [line.split()[0] for line in table]
        assert ".decompose/up/tags.log" == table[4].split()[3]
        assert "\x1b" not in it.out.read_text()


def test_a_kill_leaves_nothing(notes: Path, tmp_path: Path) -> None:
    """When the command itself is killed, everything that it has started ends within seconds."""
    with running(notes, tmp_path) as it:
        it.up()
        it.process.kill()
        it.process.wait()
        wait_until(lambda: not processes_of(it.root))


def test_one_that_dies(notes: Path, tmp_path: Path) -> None:
    """It is told with its last lines; nginx asks the monolith instead, and the exit code is 1 in the end."""
    with running(notes, tmp_path) as it:
        it.up()
        set_flags(it.root / FLAGS, "notes")
        os.kill(next(pid for pid in processes_of(it.root) if b"up/notes.json" in words_of(pid)), signal.SIGKILL)
        wait_until(lambda: "notes was killed by signal 9; the rest goes on; its last lines:" in it.err.read_text())
        assert 201 == it.ask("POST", "/v1/notes", {"text": "two"})[0]
        it.process.send_signal(signal.SIGINT)
        assert 1 == it.process.wait(15)


def test_what_does_not_start(notes: Path, tmp_path: Path) -> None:
    """What crashes is told with its last lines, without the values of variables; nothing stays. Exit code 1."""
    with running(notes, tmp_path) as it:
        it.process.kill()
        main = it.root / "apps/tags/src/app/main.py"
        main.write_text("import os\nraise SystemExit('no way with ' + os.environ['NOTES_DB'])\n")
        second = Running(it.root, "--port", "8099")
        assert 1 == second.process.wait(40)
        told = second.err.read_text()
        assert "  no way with <NOTES_DB>\ntags: error: ended with exit code 1 [not-started] (its log: .dec" in told
        assert "top-secret" not in told
        assert [] == processes_of(it.root)


def test_only_some(notes: Path, tmp_path: Path) -> None:
    """Only the services named are started; the monolith answers for the others. A second run is refused."""
    with running(notes, tmp_path, "tags") as it:
        it.up()
        assert not it.told("notes ")
        assert 200 == it.ask("GET", "/v1/notes")[0]
        other = subprocess.run([sys.executable, "-m", "decomposer", "up"], cwd=it.root, capture_output=True, text=True)
        assert 2 == other.returncode
        assert "is used by another run [runs] (end that one first)" in other.stderr


def test_without_nginx(notes: Path, tmp_path: Path) -> None:
    """Where there is no nginx, what to install is said, and nothing is started."""
    root = tmp_path / "repository"
    shutil.copytree(notes, root)
    script = (
        "import shutil; from decomposer.shell import serving\n"
        "serving.shutil = type('none', (), {'which': staticmethod(lambda *words, **named: None)})\n"
        "from decomposer.cli.words import run; run()"
    )
    command = [sys.executable, "-c", script, "up", "--python", sys.executable]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert 2 == done.returncode
    assert "nginx: error: there is no such program [no-nginx] (install it: apt install nginx-light" in done.stderr
