"""The commands that run everything on one machine, and how they show it."""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from decomposer.app.running import smoke as compare
from decomposer.app.running import up as run
from decomposer.cli.printable import printable
from decomposer.cli.request import Request, options, pairs, words
from decomposer.cli.telling import note, tell
from decomposer.cli.verifying import Steps, print_blocks
from decomposer.model.problems import DecomposerError, Problem
from decomposer.running.parts import MONOLITH
from decomposer.shell.serving import NotStarted, ended_by_signals
from decomposer.verifying import Wish

if TYPE_CHECKING:
    from decomposer.running.stack import Stack
    from decomposer.shell.serving import Died

_PAUSE = 0.2
_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)


def up(request: Request) -> int:
    """Runs everything until it is interrupted, which is how it ends: exit code 0, 1 where something ended by itself."""
    gc.enable()
    lines = _Lines()
    died = False
    command = _command(request["run"]) if "run" in request else None
    with ended_by_signals():
        try:
            with run(options(request), _wish(request), words(request, "path"), words(request, "contexts"),
                     int(request["port"]), lines.show) as stack:  # fmt: skip
                _introduce(stack, int(request["port"]), command is not None)
                if command is not None:
                    return _run(command, stack)
                lines.begin(list(stack.all))
                try:
                    while True:
                        for one in stack.servers.dead():
                            died = True
                            _lament(one)
                        time.sleep(_PAUSE)
                except KeyboardInterrupt:
                    lines.begin([])
                    note(["ending"])
            note(["everything has ended"])
        except NotStarted as error:
            _tell_not_started(error)
            return 1
    return 1 if died else 0


def smoke(request: Request) -> int:
    """Prints what is answered otherwise: exit code 1 when anything is."""
    from decomposer.report.smoke import smoke_blocks
    from decomposer.running.smoking import Ask

    gc.enable()
    headers = tuple(pairs(request, "header").items())
    with ended_by_signals(), Steps() as steps:
        told = Ask(words(request, "contexts"), tuple(map(Path, words(request, "data"))), int(request["examples"]),
                   int(request["seed"]), headers, float(request["seconds"]), steps.show)  # fmt: skip
        try:
            found = compare(options(request), _wish(request), words(request, "path"), told)
        except NotStarted as error:
            _tell_not_started(error)
            return 1
    if request["format"] == "json":
        document = {"version": 1, "holds": found.holds(), **msgspec.to_builtins(found)}
        tell(json.dumps(document, indent=1, ensure_ascii=False).split("\n"))
    else:
        print_blocks(smoke_blocks(found), request["format"])
    return 0 if found.holds() else 1


def _command(text: str) -> list[str]:
    """The words of a command; raises DecomposerError where they name no program."""
    import shlex
    import shutil

    try:
        found = shlex.split(text)
    except ValueError as error:
        raise DecomposerError(Problem("--run", 0, "usage", f"cannot be read: {error}", "close every quote")) from None
    if not found or shutil.which(found[0]) is None:
        raise DecomposerError(Problem("--run", 0, "usage", f"there is no program `{found[0] if found else ''}`", "name "
                                      "one and its words; for what a shell does: sh -c '...'"))  # fmt: skip
    return found


def _run(command: list[str], stack: Stack) -> int:
    """0 where a command that knows where everything is ends with 0, else 1."""
    import os
    import subprocess

    return 1 if subprocess.run(command, env={**os.environ, **stack.variables}).returncode else 0


def _wish(request: Request) -> Wish:
    return Wish(request.get("python", ""), pairs(request, "env"), float(request["timeout"]), cwd=request.get("cwd", ""))


def _introduce(stack: Stack, port: int, is_short: bool) -> None:
    """What runs, where it answers and where its log is."""
    from decomposer.report.blocks import Table
    from decomposer.report.plain import render_plain

    rows = tuple((name, server.url, str(server.port), f"{_short(stack.servers.folder)}/{name}.log")
                 for name, server in sorted(stack.all.items(), key=lambda item: item[0] != "nginx"))  # fmt: skip
    tell(render_plain([Table(("what", "url", "port", "log"), rows, ("port",))]).splitlines())
    given = stack.all["nginx"].port
    if given != port:
        note([f"port {port} is taken: nginx listens on {given}"])
    who = "flags decide who answers (decompose route)" if MONOLITH in stack.all else "services answer"
    note([f"ask {stack.all['nginx'].url}; {who}" + ("" if is_short else "; Ctrl-C ends everything")])


def _short(folder: Path) -> str:
    """A folder as seen from the current one where it lies below."""
    try:
        return str(folder.relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(folder)


def _lament(died: Died) -> None:
    """Tells that something ended by itself, and what goes on."""
    what = f"was killed by signal {-died.code}" if died.code < 0 else f"ended with exit code {died.code}"
    rest = "nothing answers at nginx's port any more" if died.name == "nginx" else "the rest goes on"
    note([f"{died.name} {what}; {rest}; its last lines:", *(f"  {line}" for line in died.lines)])


def _tell_not_started(error: NotStarted) -> None:
    note([*(f"  {line}" for line in error.lines),
          f"{error.name}: error: {error.why} [not-started] (its log: {_short(error.log)}; give it what it needs: "
          "--env NAME=VALUE, --cwd DIR, --path DIR, --python PATH)"])  # fmt: skip


class _Lines:
    """Lines of several servers on one terminal, each with its server's name in front, in colours where they show."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: list[str] = []
        self._is_terminal = sys.stdout.isatty()

    def begin(self, names: list[str]) -> None:
        """Shows lines from now on; those of the start are in the logs."""
        self._names = names

    def show(self, name: str, line: str) -> None:
        """Prints one line."""
        if name not in self._names:
            return
        front = name.ljust(max(map(len, self._names)))
        if self._is_terminal:
            front = f"\x1b[{_COLOURS[self._names.index(name) % len(_COLOURS)]}m{front}\x1b[0m"
        with self._lock:
            print(f"{front} | {printable(line)}", flush=True)
