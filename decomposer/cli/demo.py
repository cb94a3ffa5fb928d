"""The whole way on the bundled example: every command as somebody would type it, what comes of it, what it took."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from decomposer.cli.request import Request
from decomposer.cli.telling import note, tell
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate
from decomposer.shell.serving import ended_by_signals, find_nginx

_NEEDED = ("fastapi", "sqlmodel", "uvicorn", "httpx", "pytest", "schemathesis")
"""What the example, its tests and the requests of `smoke` need."""
_REST = 'rest = "blockchain"'
_TESTS = "apps/between-services"


class Step(NamedTuple):
    """What a step is for, its commands, and the texts of which one is in each line of theirs that tells something."""

    what: str
    commands: tuple[tuple[str, ...], ...]
    telling: tuple[str, ...]


def demo(request: Request) -> int:
    """Shows all steps: exit code 0 when each of them ends as it should and every byte is back, else 1."""
    python = request.get("python", sys.executable)
    keep = Path(request["keep"]) if "keep" in request else None
    _must_have(python)
    if keep is not None and keep.exists():
        raise DecomposerError(Problem(str(keep), 0, "exists", "is there already", "name a folder that is not"))
    with ended_by_signals(), _copy(keep) as root:
        before = _files(root)
        tell([f"The bundled example, in {root}; its decompose.toml says who answers what is nobody's: {_REST}",
              "Its rules are the tool's own, and say besides what contexts ask of each other over HTTP."])  # fmt: skip
        took: list[tuple[str, float]] = []
        steps = [*_steps(python), *(_back() if keep is None else ())]
        for number, step in enumerate(steps, 1):
            began = time.monotonic()
            tell(["", f"{number}/{len(steps)}  {step.what}"])
            if not _show(root, step):
                return 1
            took.append((step.what, time.monotonic() - began))
        changed = sorted(path for path, _ in before.items() ^ _files(root).items())
    _summarize(took, keep, changed)
    return 0 if keep is not None or not changed else 1


def _steps(python: str) -> Iterator[Step]:
    """The way from the first report to the end of the monolith."""
    contexts = sorted(path.stem for path in locate.data_folder("rules").glob("*.toml") if path.stem != "core")
    smoke = ("smoke", "--data", "data", "--env", "COORDINATOR_DATABASE_URL=sqlite:///{data}/data/demo.db",
             "--examples", "2")  # fmt: skip
    asked = ("up", "--run", shlex.join([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", _TESTS]))
    yield Step("What is in the monolith, and whose is it?", (("analyze",),), (" planned",))
    yield Step("How it answers today, to compare with.", (("verify", "--baseline", "--python", python),), ("baseline",))
    yield Step("The shared core leaves.", (("extract", "core"),), (" go to ",))
    yield Step("Seven contexts leave; the monolith goes on running with them.", (("extract", "--all"),), (" move to ",))
    yield Step("The monolith tells of its end.", (("finish", "announce", "--sunset", "2099-12-31"),), ("headers",))
    yield Step("Is everything as it was?", (("verify",),), ("The certificate",))
    yield Step("All traffic goes to the services.", tuple(("route", name, "--to", "service") for name in contexts),
               (" % of ",))  # fmt: skip
    yield Step("Do they answer as the monolith does?", (smoke,), (" requests were ",))
    yield Step("Nothing leads to it any more, starts it or scrapes it.",
               tuple(("finish", target) for target in ("nginx", "compose", "systemd", "prometheus")),
               ("edited", " -> "))  # fmt: skip
    yield Step("Services alone: the tests that ask them together.", (asked,), ("passed", "failed"))
    yield Step("And do they still answer as it did?", (smoke,), (" requests were ",))
    yield Step("How far it has come; what is left waits for a day, or for what a team changes by hand.",
               (("finish",),), (" done ", " blocked ", "stay until"))  # fmt: skip


def _back() -> Iterator[Step]:
    """The way back, change by change."""
    yield Step("All of it is taken back, change by change.", (("rollback",),) * 13, ("took back",))


def _show(root: Path, step: Step) -> bool:
    """Whether the commands of a step end as they should; prints them, and what they say that tells something."""
    for words in step.commands:
        tell([f"$ decompose {shlex.join(words)}"])
        done = subprocess.run([sys.executable, "-m", "decomposer", *words], cwd=root, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        told = [line for line in lines if any(text in line for text in step.telling)]
        tell(f"  {line}" + (f" ({count} times)" if count > 1 else "") for line, count in Counter(told).items())
        if done.returncode:
            note([*lines[-30:], *done.stderr.splitlines()[-30:], f"it ended with exit code {done.returncode}"])
            return False
    return True


def _summarize(took: Sequence[tuple[str, float]], keep: Path | None, changed: Sequence[str]) -> None:
    from decomposer.report.blocks import Table
    from decomposer.report.plain import render_plain

    rows = [*((what, f"{seconds:.1f}") for what, seconds in took), ("in all", f"{sum(s for _, s in took):.1f}")]
    tell(["", *render_plain([Table(("step", "seconds"), tuple(rows), ("seconds",))]).splitlines()])
    if keep is not None:
        tell([f"it is left in {keep}: decompose status --repo {keep}"])
    else:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        tell([f"not as it was: {', '.join(changed[:3])}{more}" if changed else "every byte is where it was"])


def _must_have(python: str) -> None:
    """Raises DecomposerError where something is missing that the demonstration needs."""
    find_nginx()
    wanted = "; ".join(f"import {name}" for name in _NEEDED)
    try:
        done = subprocess.run([python, "-c", wanted], capture_output=True, text=True)
        missing = done.stderr.strip().rpartition("\n")[2] if done.returncode else ""
    except OSError as error:
        missing = str(error)
    if missing:
        raise DecomposerError(Problem(python, 0, "missing", f"the example cannot be run with it: {missing}",
                                      "pip install 'decomposer[demo]'"))  # fmt: skip


@contextmanager
def _copy(keep: Path | None) -> Iterator[Path]:
    """A copy of the example with its configuration and a folder for its data; it goes unless it is to be kept."""
    with tempfile.TemporaryDirectory(prefix="decompose-demo-") as folder:
        root = keep or Path(folder) / "coordinator"
        shutil.copytree(locate.data_folder("examples/coordinator-api"), root,
                        ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))  # fmt: skip
        (root / "decompose.toml").write_text(f"rules = \"rules\"\n\n[finish]\n{_REST}\n")
        write_rules(root)
        (root / "data").mkdir()
        yield root


def write_rules(root: Path) -> None:
    """Writes rules of the example's own: the tool's, and which contexts call each other over HTTP."""
    (root / "rules").mkdir()
    for path in locate.data_folder("rules").glob("*.toml"):
        clients = locate.data_folder("examples/clients") / path.name
        more = "\n" + clients.read_text("utf-8") if clients.is_file() else ""
        (root / "rules" / path.name).write_text(path.read_text("utf-8") + more, "utf-8")


def _files(root: Path) -> dict[str, bytes]:
    """The bytes of every file, but for what the tool keeps."""
    read = disk.reader(root)
    found = (os.path.relpath(place, root) for place in root.rglob("*") if place.is_file())
    return {path: read(path) or b"" for path in sorted(found)
            if not path.startswith(".decompose/") and "__pycache__" not in path}  # fmt: skip
