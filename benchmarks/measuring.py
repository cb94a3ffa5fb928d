"""Commands run as whole processes, in turn: wall clock, processor time, and the largest process's memory.

Imports little on purpose: a child starts as a copy of this process, so no child is seen to be smaller.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

Environment = Mapping[str, str]


class Failure(Exception):
    """A command that could not do its work, with the end of what it said."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is measured; `before` and `after` each run happens what is not."""

    name: str
    argv: tuple[str, ...]
    stdin: str = os.devnull
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of wall clock, seconds of all its processes on a processor, megabytes (of 1,000,000 bytes)."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(slots=True)
class Figures:
    """The runs of a command that count, or why it could not run."""

    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    def each(self, what: str) -> list[float]:
        """One attribute of every run."""
        return [getattr(run, what) for run in self.runs]


def run(argv: tuple[str, ...], environment: Environment, stdin: str = os.devnull) -> Run:
    """One run, its output thrown away.

    Raises Failure for a traceback or an exit code above 1, which `decompose analyze` has for problems found.
    """
    with tempfile.TemporaryFile() as errors:
        actions = (
            (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        )
        start = perf_counter()
        pid = os.posix_spawnp(argv[0], argv, environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        seconds = perf_counter() - start
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if os.waitstatus_to_exitcode(status) not in (0, 1) or "Traceback (most recent" in said:
        raise Failure(said.splitlines()[-1] if said else f"wait status {status}")
    megabytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return Run(seconds, usage.ru_utime + usage.ru_stime, megabytes)


def measure(
    commands: Sequence[Command], environment: Environment, rounds: int, warm: bool = True
) -> dict[str, Figures]:  # fmt: skip
    """The figures of each command by name, from rounds of A B C, A B C, …; `warm`: after one that does not count."""
    figures = {command.name: Figures() for command in commands}
    for number in range(0 if warm else 1, rounds + 1):
        for command in commands:
            found = figures[command.name]
            if found.failure:
                continue
            try:
                if command.before:
                    command.before()
                one = run(command.argv, environment, command.stdin)
            except Failure as failure:
                found.failure = str(failure)
            else:
                told = f"{number}/{rounds} {one.seconds:7.3f} s {one.megabytes:5.0f} MB"
                print(told, command.name, file=sys.stderr)
                if number:
                    found.runs.append(one)
            finally:
                if command.after:
                    command.after()
    return figures
