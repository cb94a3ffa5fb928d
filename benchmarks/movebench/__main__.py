"""Run small programs through tools that move a module: how many still work afterwards.

Exit codes: 0 decompose passes everything, 1 it does not, 2 a case is broken or there is nothing to run.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from benchmarks.movebench import tables
from benchmarks.movebench.cases import BrokenCase, read_cases
from benchmarks.movebench.running import FAILED, Outcome, plan_runs, run_case
from benchmarks.movebench.tools import TOOLS

LINES = 8  # of what a check says in the end


def main() -> int:
    """Runs as told on the command line."""
    given = read_arguments()
    if given.path_prefix:
        os.environ["PATH"] = f"{given.path_prefix.resolve()}{os.pathsep}{os.environ['PATH']}"
    if given.read:
        outcomes, versions = tables.read_json([path.read_text() for path in given.read])
    else:
        versions = {name: TOOLS[name].version() for name in given.tool or TOOLS}
        try:
            outcomes = run_all(given, [name for name, version in versions.items() if version])
        except BrokenCase as broken:
            print(broken, file=sys.stderr)
            return 2
    if given.json:
        given.json.write_text(tables.as_json(outcomes, versions))
    summary, groups = tables.summarize(outcomes, versions), tables.by_group(outcomes)
    if given.markdown:
        print(*tables.as_markdown(summary, 2), "", *tables.as_markdown(groups, 1), sep="\n")
    else:
        if given.verbose or len(versions) == 1:
            print(*tables.failures(outcomes, LINES if given.verbose else 0), "", sep="\n")
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
    parser.add_argument("--read", type=Path, action="append", metavar="FILE", help="run nothing, show what was kept")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default 2)")
    parser.add_argument("--path-prefix", type=Path, metavar="DIR", help="look for the servers there first")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell why cases failed")
    return parser.parse_args()


def run_all(given: argparse.Namespace, tools: list[str]) -> list[Outcome]:
    """The outcomes of all runs, in order of tools, then cases.

    Raises BrokenCase with every case that does not pass before the move.
    """
    told = partial(print, file=sys.stderr)
    globs = given.case or ["*"]
    runs = plan_runs([case for case in read_cases() if any(fnmatchcase(case.name, glob) for glob in globs)], told)
    if not runs or not tools:
        raise BrokenCase("there is nothing to run")
    outcomes: list[Outcome] = []
    broken: list[str] = []
    with ProcessPoolExecutor(given.jobs) as workers:
        keep = given.keep and given.keep.resolve()
        waiting = [workers.submit(run_case, case, variant, tools, keep) for case, variant in runs]
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
