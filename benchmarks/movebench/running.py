"""A case in one variant, taken through every tool: what passed, and why the rest did not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from benchmarks.movebench.cases import JUDGE, BrokenCase, Case, lay_down
from benchmarks.movebench.tools import TOOLS
from benchmarks.movebench.tools.moving import Move

PASSED, FAILED, LEFT_OUT = "passed", "failed", "left out"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case in one variant with one tool; `why` is empty if it passed."""

    tool: str
    case: str
    variant: str
    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Program:
    """A case laid down: a project, and beside it what judges it."""

    case: Case
    variant: str
    project: Path
    judge: Path

    def move(self) -> Move:
        """What a tool is to do."""
        return Move(self.project, (self.project / self.case.source).resolve(), self.case.old, self.case.new)

    def check(self, script: str = "check.py", *, done: bool) -> str:
        """Why the program does not do what it should, or nothing."""
        environment = {
            **os.environ,
            "DECOMPOSE_CACHE_DIR": str(self.judge / "cache"),
            "MOVE_DONE": str(int(done)),
            "MOVE_NEW": self.case.new,
            "MOVE_OLD": self.case.old,
            "MOVE_SOURCE": self.case.source,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # scripts say `python`
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([str(self.project / self.case.source), str(JUDGE)]),
        }
        try:
            run = subprocess.run(
                [sys.executable, "-B", str(self.judge / script)],
                cwd=self.project, env=environment, capture_output=True, text=True, errors="replace", timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"no end after {SECONDS} s"
        return f"{run.stdout}{run.stderr}".strip() or f"exit code {run.returncode}" if run.returncode else ""


@contextmanager
def laid_down(case: Case, variant: str, keep: Path | None = None) -> Iterator[Program]:
    """The program before the move, which passes its check.

    Raises BrokenCase if it does not.
    """
    with tempfile.TemporaryDirectory(prefix="movebench-") as place:
        scratch = (keep / case.name / variant) if keep else Path(place).resolve()
        if keep:
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
        program = Program(case, variant, scratch / "before", scratch / "judge")
        lay_down(case, variant, program.project, program.judge)
        scripts = ["before.py"] if (program.judge / "before.py").exists() else []
        for script in (*scripts, "check.py"):
            if why := program.check(script, done=False):
                raise BrokenCase(f"{case.name} ({variant}): {script} fails before the move\n{why}")
        yield program


def run_case(case: Case, variant: str, tools: Sequence[str], keep: Path | None = None) -> list[Outcome]:
    """The outcome with each tool.

    Raises BrokenCase for a program that does not pass before the move.
    """
    with laid_down(case, variant, keep) as program:
        return [Outcome(tool, case.name, variant, *run_tool(program, tool)) for tool in tools]


def run_tool(program: Program, name: str) -> tuple[str, str]:
    """The verdict on a copy of the program that a tool has worked on, and why."""
    tool = TOOLS[name]
    if program.case.needs_alias and tool.without_alias:
        return LEFT_OUT, "it needs the old path"
    project = program.project.with_name(name.replace(" ", "-"))
    shutil.copytree(program.project, project, symlinks=True)
    copy = Program(program.case, program.variant, project, program.judge)
    try:
        tool.move(copy.move())
    except Exception as failure:  # whatever a tool raises is its failure, not the benchmark's
        return FAILED, f"{type(failure).__name__}: {failure}"
    why = copy.check(done=True)
    return (FAILED, why) if why else (PASSED, "")


@cache
def is_there(name: str) -> bool:
    """Whether a library that a case needs is installed."""
    return find_spec(name) is not None


def plan_runs(cases: Sequence[Case], told: Callable[[str], object]) -> list[tuple[Case, str]]:
    """Each case in each of its variants; what needs a library that is not there is told and left out."""
    for case in cases:
        if missing := [name for name in case.needs if not is_there(name)]:
            told(f"{case.name}: left out, it needs {', '.join(missing)}")
    return [(case, variant) for case in cases if all(map(is_there, case.needs)) for variant in case.variants]
