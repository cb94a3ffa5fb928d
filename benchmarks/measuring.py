"""Commands run as whole processes, in turn: seconds of wall clock and the largest process's memory.

Imports little on purpose: a child starts as a copy of this process, whose size counts as the child's.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


class Failure(Exception):
    """A measured command that could not do its work, with the end of what it said."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is measured: its standard input, and what is done before and after each run without being measured."""

    name: str
    argv: Sequence[str]
    stdin: str = os.devnull
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """All runs of one command; `failure` has the end of its message instead when it could not run."""

    seconds: list[float]
    megabytes: list[float]
    failure: str = ""

    def median(self) -> float:
        """Seconds."""
        return median(self.seconds)

    def peak(self) -> float:
        """Megabytes (of 1,000,000 bytes) of the largest process in any run."""
        return max(self.megabytes)


def run(argv: Sequence[str], environment: Mapping[str, str], stdin: str = os.devnull) -> tuple[float, float]:
    """Seconds and megabytes of one run, its output thrown away.

    Raises Failure for a traceback or an exit code above 1 (`decompose analyze` exits 1 for problems found).
    """
    with tempfile.TemporaryFile() as errors:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        start = perf_counter()
        pid = os.posix_spawn(argv[0], argv, environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        seconds = perf_counter() - start
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if os.waitstatus_to_exitcode(status) not in (0, 1) or "Traceback (most recent" in said:
        raise Failure(said.splitlines()[-1] if said else f"wait status {status}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_maxrss * unit / 1e6


def measure(commands: Sequence[Command], environment: Mapping[str, str], rounds: int) -> dict[str, Figures]:
    """The figures of each command by name, from rounds of A B C, A B C, …, after one round that is thrown away.

    A command that fails is not run again.
    """
    figures = {command.name: Figures([], []) for command in commands}
    for number in range(rounds + 1):
        for command in commands:
            if figures[command.name].failure:
                continue
            try:
                if command.before:
                    command.before()
                seconds, megabytes = run(command.argv, environment, command.stdin)
            except Failure as failure:
                figures[command.name] = Figures([], [], str(failure))
                print(f"{command.name}: failed: {failure}", file=sys.stderr)
                continue
            finally:
                if command.after:
                    command.after()
            if number:
                figures[command.name].seconds.append(seconds)
                figures[command.name].megabytes.append(megabytes)
            print(f"{number}/{rounds} {seconds:7.3f} s  {megabytes:5.0f} MB  {command.name}", file=sys.stderr)
    return figures
