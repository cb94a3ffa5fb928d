"""Run small programs through tools that move a module: how many still work afterwards.

Exit codes: 0 decompose passes everything, 1 it does not, 2 a case is broken or there is nothing to run.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from benchmarks.movebench import tables
from benchmarks.movebench.cases import BrokenCase, Case, read_cases
from benchmarks.movebench.running import FAILED, Outcome, plan_runs, run_case
from benchmarks.movebench.tools import TOOLS


def main() -> int:
    """Runs as told on the command line."""
    given = read_arguments()
    if given.path_prefix:
        os.environ["PATH"] = f"{given.path_prefix.resolve()}{os.pathsep}{os.environ['PATH']}"
    versions = {name: TOOLS[name].version() for name in given.tool or TOOLS}
    tools = [name for name, version in versions.items() if version]
    told = partial(print, file=sys.stderr)
    try:
        cases = [case for case in read_cases() if any(fnmatchcase(case.name, glob) for glob in given.case or ["*"])]
        runs = plan_runs(cases, told)
        if not runs:
            raise BrokenCase("no such case")
        with ProcessPoolExecutor(given.jobs) as workers:
            outcomes = run_all(workers, runs, tools, given.keep, told)
    except BrokenCase as broken:
        told(broken)
        return 2
    if given.json:
        given.json.write_text(tables.as_json(outcomes, versions))
    lines = 8 if given.verbose else 0
    if not given.markdown and (given.verbose or len(tools) == 1):
        print(*tables.failures(outcomes, lines), sep="\n", end="\n\n")
    summary, groups = tables.summarize(outcomes, versions), tables.by_group(outcomes)
    if given.markdown:
        print(*tables.as_markdown(summary, 2), "", *tables.as_markdown(groups, 1), sep="\n")
    else:
        print(*tables.as_text(summary), "", *tables.as_text(groups), sep="\n")
    return int(any(one.verdict == FAILED and one.tool.startswith("decompose") for one in outcomes))


def read_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.movebench", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--tool", action="append", choices=TOOLS, help="only this one; may be repeated")
    parser.add_argument("--case", action="append", metavar="GLOB", help="only such cases, as group/name")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the programs there, before and after")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to keep every outcome")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default 2)")
    parser.add_argument("--path-prefix", type=Path, metavar="DIR", help="look for the servers there first")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell why cases failed")
    return parser.parse_args()


def run_all(
    workers: ProcessPoolExecutor,
    runs: list[tuple[Case, str]],
    tools: list[str],
    keep: Path | None,
    told: Callable[[str], object],
) -> list[Outcome]:
    """The outcomes of all runs, in order of tools, then cases.

    Raises BrokenCase with every case that does not pass before the move.
    """
    waiting = [workers.submit(run_case, case, variant, tools, keep and keep.resolve()) for case, variant in runs]
    outcomes: list[Outcome] = []
    broken: list[str] = []
    for number, future in enumerate(waiting, 1):
        try:
            outcomes += future.result()
        except BrokenCase as case:
            broken.append(str(case))
        if number % 50 == 0:
            told(f"{number} of {len(waiting)} programs")
    if broken:
        raise BrokenCase("\n\n".join(broken))
    return sorted(outcomes, key=lambda one: tools.index(one.tool))


if __name__ == "__main__":
    sys.exit(main())
