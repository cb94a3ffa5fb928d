"""Running the analysed code: in processes of their own, with a given interpreter, environment and time limit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from decomposer.model.probes import Probe
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import locate
from decomposer.shell.transaction import store

TEMPORARY = f"{store.HOME}/tmp"
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
_SHORTEST_SECRET = 4
_TAIL = 2000


class Processes:
    """The processes that are running, so that all of them can be ended at once; none begins after that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alive: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    def begun(self, process: subprocess.Popen[bytes]) -> None:
        """A process has been started."""
        with self._lock:
            self._alive.add(process)
            if self._ended:
                _kill_group(process)

    def done(self, process: subprocess.Popen[bytes]) -> None:
        """A process is over, and whatever it has started is to be as well."""
        _kill_group(process)
        with self._lock:
            self._alive.discard(process)

    def end(self) -> None:
        """Kills everything."""
        with self._lock:
            self._ended = True
            for process in self._alive:
                _kill_group(process)


class Running(Struct, frozen=True):
    """How code is run: the repository, the interpreter, variables, seconds at most, and a folder for what it writes.

    What lies in the folder `start`, "" for none, is found in the folder that it runs in, but for what is hidden.
    """

    root: Path
    python: str
    environment: Mapping[str, str]
    timeout: float
    folder: Path
    start: Path | None = None
    processes: Processes = field(default_factory=Processes)


class Target(Struct, frozen=True):
    """What is probed: folders for the path (absolute), the entry, and the packages all of whose modules are imported.

    `local` gives packages of the repository by name, each with the folder that holds it, `built` the distribution of
    each that has one. `own` are the folders whose
    files may import only what `distributions` bring, where those are given. `tops` are packages that a module may
    have moved between. `modules` are more that are imported by name. `tells_providers`
    asks for the distributions of all that is installed.
    """

    path: tuple[str, ...]
    entry: str
    packages: tuple[str, ...]
    local: Mapping[str, str] = {}
    own: tuple[str, ...] = ()
    own_packages: tuple[str, ...] = ()
    distributions: tuple[str, ...] | None = None
    tops: tuple[str, ...] = ()
    startup: bool = False
    modules_first: bool = False
    hash_seed: int = 0
    modules: tuple[str, ...] = ()
    built: Mapping[str, str] = {}
    tells_providers: bool = False


@contextmanager
def running(
    root: Path, python: str, environment: Mapping[str, str], timeout: float, cwd: str = ""
) -> Iterator[Running]:  # fmt: skip
    """A place to run code from, below `.decompose`, which is removed afterwards; it seems to be the folder `cwd`.

    Raises DecomposerError when there is no such interpreter or folder.
    """
    start, found = start_folder(root, cwd), interpreter(python)
    make_home(root)
    (root / TEMPORARY).mkdir(exist_ok=True)
    _sweep(root / TEMPORARY)
    folder = Path(tempfile.mkdtemp(prefix=f"verify-{os.getpid()}-", dir=root / TEMPORARY))
    try:
        yield Running(root, found, environment, timeout, folder, start)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_folder(root: Path, cwd: str) -> Path | None:
    """The folder of the repository that code seems to run in, None for none; raises DecomposerError for one missing."""
    start = root / cwd if cwd else None
    if start is not None and not start.is_dir():
        raise DecomposerError(Problem(cwd, 0, "no-folder", "there is no such folder", "see --cwd"))
    return start


def interpreter(python: str) -> str:
    """The absolute path of an interpreter; raises DecomposerError where there is no such program.

    A virtual environment's is a link that is not followed: it would no longer be the environment's.
    """
    found = shutil.which(python)
    if found is None:
        raise DecomposerError(Problem(python, 0, "no-python", "there is no such program", "name one with --python"))
    return os.path.abspath(found)


def make_home(root: Path) -> Path:
    """The folder of this tool in a repository, which git ignores."""
    home = root / store.HOME
    home.mkdir(exist_ok=True)
    if not (home / ".gitignore").exists():
        (home / ".gitignore").write_text("*\n")
    return home


def _sweep(temporary: Path) -> None:
    """Removes what runs that were killed have left behind."""
    for left in temporary.glob("verify-*-*"):
        try:
            os.kill(int(left.name.split("-")[1]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def probe(told: Running, target: Target, name: str) -> Probe:
    """What one process saw of the code; a process that dies or takes too long is an answer, too."""
    folder = told.folder / name
    folder.mkdir(parents=True)
    answer = folder / "answer.json"
    request = {
        **msgspec.to_builtins(target), "root": os.path.realpath(told.root), "answer": str(answer),
        "code_cache": str(told.folder / "code"),
    }  # fmt: skip
    (folder / "request.json").write_text(json.dumps(request))
    program = locate.data_folder("probes") / "run.py"
    ended = run(told, [told.python, "-s", "-B", str(program), str(folder / "request.json")], folder, target.hash_seed)
    now = folder / "answer.json.now"
    try:
        found = msgspec.json.decode(answer.read_bytes(), type=Probe)
    except FileNotFoundError:
        at = f" while importing {now.read_text()}" if now.exists() else ""
        return Probe(ended=f"{ended.why or f'ended with exit code {ended.code}'}{at}{_last(ended.output)}")
    except msgspec.MsgspecError as error:
        raise DecomposerError(Problem(name, 0, "probe", f"what the probe tells is not understood: {error}")) from None
    return _without_values(found, told.environment)


class Ended(Struct, frozen=True):
    """How a process ended: its code, why it was stopped ("" when it was not), and the end of what it printed."""

    code: int
    why: str
    output: str


def run(
    told: Running, command: Sequence[str], folder: Path, hash_seed: int = 0, cwd: Path | None = None,
    more: Mapping[str, str] | None = None, limit: float = 0,
) -> Ended:  # fmt: skip
    """Runs a program with a home and a current folder of its own; all it started is killed when its time is over."""
    home = folder / "home"
    if not home.exists():
        home.mkdir()
        for item in visible(told.start):
            os.symlink(os.path.abspath(item.path), home / item.name)
    environment = {**surroundings(home, told.environment, hash_seed), **(more or {})}
    output = folder / "output.txt"
    seconds = limit or told.timeout
    with open(output, "wb") as file:
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, cwd=cwd or home,
            env=environment, start_new_session=True,
        )  # fmt: skip
        why = ""
        told.processes.begun(process)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            why = f"took longer than {seconds:g} seconds"
        finally:
            told.processes.done(process)
    text = output.read_bytes()[-_TAIL:].decode("utf-8", "replace")
    return Ended(process.returncode, why, censored(text, told.environment))


def visible(folder: Path | None) -> list[os.DirEntry[str]]:
    """What a program that seems to run in a folder finds there: all but what is hidden, such as `.env`."""
    return [item for item in os.scandir(folder) if not item.name.startswith(".")] if folder is not None else []


def surroundings(home: Path, environment: Mapping[str, str], hash_seed: int = 0) -> dict[str, str]:
    """The variables of a process that runs the code: a few of this process's, and those given."""
    found = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    found |= {"HOME": str(home), "TMPDIR": str(home), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return {**found, **environment, "PYTHONHASHSEED": str(hash_seed)}


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and whatever it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _without_values(found: Probe, environment: Mapping[str, str]) -> Probe:
    """The same, its messages without the values of the variables given: errors quote them."""

    def clean(text: str) -> str:
        return censored(text, environment)

    return replace(
        found, ended=clean(found.ended), boot_error=clean(found.boot_error),
        imports=tuple((module, clean(error), place) for module, error, place in found.imports),
        mappers_error=clean(found.mappers_error), all_mappers_error=clean(found.all_mappers_error),
        table_errors=tuple(map(clean, found.table_errors)),
    )  # fmt: skip


def censored(text: str, environment: Mapping[str, str]) -> str:
    """A text without the values of variables, but for those that are too short or plain to be a secret."""
    for name, value in environment.items():
        if len(value) >= _SHORTEST_SECRET and not value.isdigit() and value.lower() not in ("true", "false", "none"):
            text = text.replace(value, f"<{name}>")
    return text


def _last(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f": {lines[-1]}" if lines else ""
