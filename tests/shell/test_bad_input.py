"""Hostile and broken input: everything is named, the run goes on, and nothing is touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from decomposer.app import Options, analyze
from decomposer.facts import python as python_facts
from decomposer.facts.python import read_python
from decomposer.facts.text import read_text
from decomposer.model.config import Config
from decomposer.model.facts import PythonFacts
from decomposer.shell.cache import Cache
from decomposer.shell.disk import list_files, list_folder
from decomposer.shell.pool import Pool
from decomposer.shell.reading import Repository, read_repository
from decomposer.shell.workers import read_file
from tests.conftest import ROOT, make_git, write_files
from tests.shell.hostile import LINKS, NOT_UNDERSTOOD, ONLY_LIBCST_FAILS, UNDERSTOOD, write_hostile

READERS = ("ast", pytest.param("libcst", marks=pytest.mark.proof))
COMMANDS = (
    ("analyze",), ("analyze", "--format", "markdown"), ("graph",), ("graph", "--format", "dot"),
    ("explain", "shop.target"), ("explain", "billing/invoices.py"), ("extract", "billing", "--dry-run"),
)  # fmt: skip

# Runs one command and writes down every file that it or one of its workers opens, makes, moves or removes.
WATCHED = """
import json, os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def note(kind, name):
    os.write(log, json.dumps([kind, name]).encode() + bytes([10]))
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)):
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        note("write" if writes else "read", os.path.abspath(os.fsdecode(args[0])))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.chmod", "os.utime"):
        note("write", os.path.abspath(os.fsdecode(args[0])))
    elif event == "import":
        note("import", args[0])
sys.argv[1:] = sys.argv[2:]
sys.addaudithook(watch)
from decomposer.cli import main
main()
"""


def environment(cache: Path) -> dict[str, str]:
    """The environment of a command with a cache of its own."""
    return {**os.environ, "DECOMPOSE_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def decompose(*words: str, cwd: Path, cache: Path) -> subprocess.CompletedProcess[bytes]:
    """One run of the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "decomposer", *words],
        cwd=cwd, env=environment(cache), capture_output=True, timeout=60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile repository."""
    root = tmp_path_factory.mktemp("hostile") / "repository"
    write_hostile(root)
    return root


@pytest.fixture(scope="module", params=READERS)
def report(request: pytest.FixtureRequest, hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `analyze` and `graph` say of the hostile repository, through either reader, and how they ended."""
    cache = tmp_path_factory.mktemp("cache")
    told: dict[str, Any] = {"reader": request.param}
    for command in ("analyze", "graph"):
        done = decompose(command, "--format", "json", "--reader", request.param, cwd=hostile, cache=cache)
        told[command] = json.loads(done.stdout)
        told[f"{command} ended"] = (done.returncode, done.stderr.decode())
    return told


@pytest.mark.proof
def test_the_run_goes_on_and_ends_with_problems(report: dict[str, Any]) -> None:
    """Files that are not understood are problems (exit code 1 of analyze); nobody sees a traceback."""
    assert (1, "") == report["analyze ended"]
    assert (0, "") == report["graph ended"]


def test_each_file_that_is_not_understood_is_named_with_the_reason(report: dict[str, Any]) -> None:
    """The report has the path, the line where there is one, and why; its lines are counted all the same."""
    problems = {p["path"]: p for p in report["analyze"]["problems"] if p["code"] == "not-understood"}
    files = {file["path"]: file for file in report["analyze"]["files"]}
    expected = {f"shop/{name}" for name in NOT_UNDERSTOOD}
    for name, (content, lines, ast_says, libcst_says) in NOT_UNDERSTOOD.items():
        problem = problems[f"shop/{name}"]
        assert (ast_says if report["reader"] == "ast" else libcst_says) in problem["message"]
        assert problem["line"] in lines and problem["severity"] == "error"
        assert problem["message"] == files[f"shop/{name}"]["error"]
        assert content.count(b"\n") == files[f"shop/{name}"]["loc"]
    for name, (_, says) in ONLY_LIBCST_FAILS.items():
        if report["reader"] == "libcst" or f"shop/{name}" in problems:
            assert says in problems[f"shop/{name}"]["message"]
            expected.add(f"shop/{name}")
    assert expected == set(problems)


def test_each_file_that_is_understood_gives_its_references(report: dict[str, Any]) -> None:
    """Encodings, byte order marks, line ends, tabs, form feeds, new syntax and odd names hide no import."""
    found = {(edge["path"], edge["line"]) for edge in report["graph"]["edges"]
             if edge["target"] == "shop.target" and edge["kind"] in ("load", "lazy")}  # fmt: skip
    expected = {(f"shop/{name}", line) for name, (_, line) in UNDERSTOOD.items()}
    assert expected | {("shop/billing/invoices.py", 1)} == found


def test_imports_in_a_circle_are_a_cycle(report: dict[str, Any]) -> None:
    """Two modules that import each other are told as a cycle of load edges."""
    assert [["shop.circle_a", "shop.circle_b"]] == report["analyze"]["cycles"]


def test_imports_that_lead_nowhere_are_unresolved(report: dict[str, Any]) -> None:
    """A missing module and too many dots are listed with their reasons."""
    found = {(u["path"], u["line"]): u["reason"] for u in report["analyze"]["unresolved"]}
    assert {("shop/billing/barrel.py", 1), ("shop/billing/barrel.py", 2)} == set(found)
    assert all(found.values())


def test_symbolic_links_are_named_and_not_followed(report: dict[str, Any]) -> None:
    """Links out of the repository, in a circle, to folders and to other modules are told; nothing behind is read."""
    found = {p["path"]: p["message"] for p in report["analyze"]["problems"] if p["code"] == "symlink"}
    assert set(LINKS) == set(found)
    for path, (_, says) in LINKS.items():
        assert says in found[path] and "not followed" in found[path]
    nodes = {node["path"] for node in report["graph"]["nodes"]}
    assert not nodes & set(LINKS) and not any(path.startswith("shop/up/") for path in nodes)


def test_what_is_passed_over_is_named(report: dict[str, Any]) -> None:
    """A text that is too large and a name that is not UTF-8 are told; JSON gives the name back byte for byte."""
    found = {p["code"]: p["path"] for p in report["analyze"]["problems"] if p["code"] in ("too-large", "unreadable")}
    assert {"too-large": "docs/big.md", "unreadable": os.fsdecode(b"shop/not\xe9utf8.py")} == found


def test_references_in_broken_texts_are_found(report: dict[str, Any]) -> None:
    """A configuration that is not UTF-8 is searched; a binary file that is called a document is not."""
    configs = {edge["path"] for edge in report["graph"]["edges"] if edge["kind"] == "config"}
    assert {"deploy.yaml", "decompose.toml"} == configs


Watched = tuple[Path, dict[str, object], dict[str, object], set[tuple[str, str]]]


@pytest.fixture(scope="module")
def watched(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The cache folder, the tree before and after all commands that only read, and what they opened and wrote."""
    make_git(hostile)
    cache, log = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("log") / "opened"
    before = snapshot(hostile)
    for words in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-c", WATCHED, str(log), *words],
            cwd=hostile, env=environment(cache), capture_output=True, timeout=60,
        )  # fmt: skip
        assert done.returncode in (0, 1) and b"Traceback" not in done.stderr, done.stderr.decode()
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return cache, before, snapshot(hostile), {(kind, name) for kind, name in events}


def snapshot(root: Path) -> dict[str, object]:
    """Every path below a folder with what the disk says of it, but for when it was last read."""
    found: dict[str, object] = {}
    for folder, folders, names in os.walk(root):
        for path in (os.path.join(folder, name) for name in (*folders, *names)):
            state = os.lstat(path)
            found[path] = (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
    return found


@pytest.mark.proof
def test_the_repository_stays_as_it_is(watched: Watched) -> None:
    """No file of the repository is made, changed or removed by the commands that only look, times included."""
    _, before, after, _ = watched
    assert before == after


def test_only_the_cache_is_written(watched: Watched) -> None:
    """Whatever is opened for writing lies in the cache folder, in this process and in the workers."""
    cache, _, _, events = watched
    written = {path for kind, path in events if kind == "write"}
    assert [] == [path for path in sorted(written) if not path.startswith(str(cache)) and path != os.devnull]
    assert any(path.startswith(str(cache)) for path in written)


def test_secrets_are_never_opened(watched: Watched) -> None:
    """No file whose name begins with `.env` is opened, whatever it ends with and wherever it lies."""
    opened = {path for kind, path in watched[3] if kind in ("read", "write")}
    assert any(path.endswith("shop/target.py") for path in opened)
    assert [] == [path for path in opened if os.path.basename(path).startswith(".env")]


def test_nothing_behind_a_link_is_opened(watched: Watched) -> None:
    """What a symbolic link leads to is not opened through it."""
    opened = {path for kind, path in watched[3] if kind == "read"}
    assert [] == [path for path in opened for link in LINKS if path.endswith(f"/{link}") or f"/{link}/" in path]
    assert "/etc/passwd" not in opened


def test_the_analysed_code_is_never_imported(watched: Watched, hostile: Path) -> None:
    """No module of the monolith is imported: the one that writes a file when it is has written none."""
    imported = {name.partition(".")[0] for kind, name in watched[3] if kind == "import"}
    assert "decomposer" in imported and "shop" not in imported
    assert [] == list(hostile.rglob("was-imported"))


def test_a_worker_that_dies_is_replaced_and_the_file_blamed(tmp_path: Path) -> None:
    """A file that kills its worker is told and counted; the files behind it are read all the same."""
    found = run_pool(tmp_path, _kill_on("b.py"), seconds=30)
    assert {"a.py", "b.py", "c.py"} == set(found)
    assert PythonFacts(2, "the reader ast crashed on it: only counted", reader="none") == found["b.py"]
    assert "" == found["a.py"].error == found["c.py"].error


def test_a_worker_that_hangs_is_ended_after_its_time(tmp_path: Path) -> None:
    """A file that takes too long is told and counted; its worker is ended and the files behind it are read."""
    started = time.monotonic()
    found = run_pool(tmp_path, _hang_on("b.py"), seconds=0.4)
    assert time.monotonic() - started < 10
    assert PythonFacts(2, "the reader ast took more than 0.4 s for it: only counted", reader="none") == found["b.py"]
    assert "" == found["a.py"].error == found["c.py"].error
    pids = [int(pid) for pid in (tmp_path / "pids").read_text("utf-8").split()]
    assert len(pids) == 2 and not any(is_alive(pid) for pid in pids)


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """Where the command is killed, its workers do not stay behind."""
    write_files(tmp_path, {"a.py": "x = 1\n"})
    script = (
        "import sys; from pathlib import Path; from tests.shell.test_bad_input import _hang_on, run_pool\n"
        "run_pool(Path(sys.argv[1]), _hang_on('a.py'), 60)"
    )
    command = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT)
    worker = hanging_worker(tmp_path)
    command.kill()
    command.wait()
    assert until(lambda: not is_alive(worker))


def run_pool(root: Path, read: Any, seconds: float) -> dict[str, PythonFacts]:
    """The facts of three files, or of those that are there, read by one worker with a time limit."""
    if not list(root.glob("*.py")):
        write_files(root, dict.fromkeys(("a.py", "b.py", "c.py"), "x = 1\ny = 2\n"))
    sizes = {path.name: 12 for path in sorted(root.glob("*.py"))}
    pool = Pool(read, str(root), seconds)
    try:
        pool.start(sizes, "ast", 1)
        return dict(iter(pool.next, None))
    finally:
        pool.stop()


def _kill_on(culprit: str) -> Any:
    def read(root: str, path: str, reader: str) -> PythonFacts:
        if path == culprit:
            os.kill(os.getpid(), 9)
        return read_file(root, path, reader)

    return read


def _hang_on(culprit: str) -> Any:
    def read(root: str, path: str, reader: str) -> PythonFacts:
        with open(os.path.join(root, "pids"), "r+" if os.path.exists(os.path.join(root, "pids")) else "w+") as file:
            if str(os.getpid()) not in file.read().split():
                file.write(f"{os.getpid()}\n")
        if path == culprit:
            time.sleep(600)
        return read_file(root, path, reader)

    return read


def hanging_worker(root: Path) -> int:
    """The process of a worker that has begun to hang."""
    pids = root / "pids"
    assert until(lambda: pids.exists() and pids.read_text("utf-8").endswith("\n"))
    return int(pids.read_text("utf-8").split()[-1])


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked how does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Any, seconds: float = 10) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A small repository of good files."""
    write_files(tmp_path, {
        "shop/__init__.py": "", "shop/main.py": "from fastapi import FastAPI\nfrom shop import a\n\napp = FastAPI()\n",
        "shop/a.py": "from shop import b\n", "shop/b.py": "VALUE = 1\n", "run.sh": "uvicorn shop.main:app\n",
        "tool.py": "import shop.a\n",
    })  # fmt: skip
    yield tmp_path


def read_after(root: Path, happens: Any) -> Repository:
    """What is read of a repository when something happens between listing and reading."""
    listing = list_files(root)
    happens()
    return read_repository(listing, Config("", "shop", ()), Cache(root, enabled=False))


def test_files_that_vanish_after_they_were_listed_are_named(small: Path) -> None:
    """A file that is gone when it is to be read is a problem: an error in the package, a warning around it."""

    def happens() -> None:
        for path in ("shop/a.py", "run.sh", "tool.py"):
            (small / path).unlink()

    found = read_after(small, happens)
    message = "cannot be read: No such file or directory"
    expected = [("run.sh", message, "warning"), ("shop/a.py", message, "error"), ("tool.py", message, "warning")]
    assert expected == sorted((p.path, p.message, p.severity) for p in found.problems)
    assert {"shop/__init__.py", "shop/b.py", "shop/main.py"} == set(found.python)


def test_a_file_that_vanishes_while_it_is_read_says_so(small: Path) -> None:
    """A worker that finds no file any more tells it as what was not understood."""
    assert "cannot be read: No such file or directory" == read_file(str(small), "shop/gone.py", "ast").error


def test_files_that_may_not_be_read_are_named(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a `.gitignore` and a folder without permission are named; the rest is analysed."""
    write_files(small, {".gitignore": "x\n", "shop/closed/c.py": "import shop.b\n"})
    closed = {os.path.join(small, path) for path in ("shop/a.py", ".gitignore", "shop/closed/")}
    if os.geteuid() == 0:  # to whom nothing is closed
        monkeypatch.setattr("builtins.open", refusing(open, closed))
        monkeypatch.setattr("os.scandir", refusing(os.scandir, closed))
    else:
        for path in closed:
            os.chmod(path, 0)
    try:
        document = analyze(Options(repo=small, cache=False)).value
    finally:
        for path in closed:
            os.chmod(path, 0o755)
    found = {(p["path"], p["message"].partition(":")[0], p["severity"]) for p in document["problems"]}
    expected = {("shop/a.py", "cannot be read", "error"), (".gitignore", "cannot be read", "warning"),
                ("shop/closed", "cannot be listed", "warning")}  # fmt: skip
    assert expected == found
    assert 3 == document["monolith"]["modules"]


def refusing(function: Any, closed: set[str]) -> Any:
    """A function that may not look at some paths."""

    def refuse(path: Any = ".", *args: Any, **named: Any) -> Any:
        if str(path) in closed:
            raise PermissionError(13, "Permission denied", path)
        return function(path, *args, **named)

    return refuse


def test_a_parser_out_of_memory_is_told_as_nesting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard parser says so by a MemoryError without a word: the report says what it means."""

    def parse(source: bytes, reader: str) -> Any:
        raise MemoryError

    monkeypatch.setattr(python_facts, "parse", parse)
    assert "not understood: nested too deeply" == read_python(b"x = 1\n").error


@pytest.mark.parametrize("line", [b"shop/" * 100_000, b"shop." * 100_000 + b"-", b"a/" * 200_000 + b"shop",
                                  b"shop." + b"a" * 500_000 + b"/"])  # fmt: skip
def test_long_lines_of_texts_are_read_in_no_time(line: bytes) -> None:
    """A line that repeats the package's name hundreds of thousands of times takes no longer than another."""
    started = time.perf_counter()
    facts = read_text(line, "shop")
    assert time.perf_counter() - started < 2
    assert all(len(token) < 12_000 for token, _ in facts.tokens)


def test_folders_are_listed_without_secrets_pipes_and_links(tmp_path: Path) -> None:
    """What moves with a folder are its regular files; a `.env` stays where it is, unread."""
    write_files(tmp_path, {"f/a.py": "", "f/data.bin": b"\0", "f/.env": "", "f/.env.prod": "", "f/x.pyc": b""})
    (tmp_path / "f/link.py").symlink_to("a.py")
    os.mkfifo(tmp_path / "f/pipe")
    assert ["f/a.py", "f/data.bin"] == list_folder(tmp_path, "f")


def test_an_interrupt_is_told_once(tmp_path: Path) -> None:
    """Ctrl-C reaches the command and its workers: one line is printed, and no worker stays behind."""
    write_files(tmp_path, {"a.py": "x = 1\n"})
    script = (
        "import sys; from pathlib import Path; from decomposer.cli.guard import guarded\n"
        "from tests.shell.test_bad_input import _hang_on, run_pool\n"
        "sys.exit(guarded(lambda: len(run_pool(Path(sys.argv[1]), _hang_on('a.py'), 60))))"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    )
    worker = hanging_worker(tmp_path)
    os.killpg(command.pid, signal.SIGINT)
    _, errors = command.communicate(timeout=30)
    assert (130, b"interrupted\n") == (command.returncode, errors)
    assert not is_alive(worker)
