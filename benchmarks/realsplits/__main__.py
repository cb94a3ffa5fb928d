"""Split every long module of an application, one after another in a copy: how many fall apart, and what broke.

Each split is made with `decompose split` and made again, which has to change nothing. When all are made, what does not
resolve is counted, the application is booted in its own interpreter, each module that was split or made is imported in
a process of its own, and every split is taken back, which has to give the tree byte for byte.

Exit codes: 0 nothing broke, 1 something did, 2 there is nothing to compare with.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.movebench.tables import as_text
from benchmarks.realmoves.checking import Checker, Failure
from benchmarks.realmoves.running import Interpreter
from benchmarks.realmoves.trees import changed, copy_tree, snapshot
from benchmarks.realsplits.splitting import SplitResult, long_modules, split_one
from benchmarks.realsplits.whole import look_at_all

LEAST_SHARE = 0.8


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs as told on the command line."""
    given = read_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="realsplits-") as place:
        scratch = Path(place).resolve()
        try:
            results, broken = run_all(given, scratch)
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 2
    if given.json:
        given.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    carried = [one for one in results if one.parts]
    print(*as_text(table(results)), "", *(f"BROKEN {line}" for line in broken), sep="\n")
    fits = sum(max(one.parts.values()) <= one.limit for one in carried)
    print(f"{len(results)} modules over the limit: {len(carried)} split ({len(carried) / max(1, len(results)):.0%}), "
          f"{fits} of them into parts that all fit; {len(broken)} things broke")  # fmt: skip
    return int(bool(broken) or len(carried) < LEAST_SHARE * len(results))


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    told = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realsplits", description=told)
    add = parser.add_argument
    add("folder", type=Path, help="a repository, which is copied")
    add("--only", default="*/services/*", metavar="GLOB", help="only files of such paths (default */services/*)")
    add("--every", type=int, default=1, metavar="N", help="only every Nth of them, the shortest being the first")
    add("--entry", default="", metavar="MODULE:NAME", help="the application, if it is not found")
    add("--python", metavar="FILE", help="an interpreter with the application's libraries; without it nothing is run")
    add("--path", action="append", default=[], metavar="DIR", help="a folder to import from, below FOLDER")
    add("--env", action="append", default=[], metavar="NAME=VALUE", help="{tmp} is a folder made for it")
    add("--tests", action="append", default=[], metavar="DIR", help="its own tests; may be repeated")
    add("--pytest-args", default="", metavar="ARGS", help="more for pytest, separated by spaces")
    add("--json", type=Path, metavar="FILE", help="where to keep every result")
    return parser.parse_args(arguments)


def run_all(given: argparse.Namespace, scratch: Path) -> tuple[list[SplitResult], list[str]]:
    """The result of each split, and everything that is not as it was when all are made, and when all are taken back."""
    tree = scratch / "tree"
    copy_tree(given.folder, tree)
    checker = Checker(tree, scratch, _interpreter(given), given.entry, True)
    print(checker.tell_baseline(), file=sys.stderr)
    results = []
    for path in [path for path in long_modules(checker) if fnmatch.fnmatch(path, given.only)][:: given.every]:
        results.append(split_one(checker, path))
        print("  ".join(table(results[-1:])[1]), file=sys.stderr, flush=True)
    broken = [f"{one.module}: {line}" for one in results for line in one.broken]
    broken += look_at_all(checker, results)
    for one in reversed([one for one in results if one.parts]):
        done = checker.run("rollback")
        if done.returncode:
            broken.append(f"{one.module}: not taken back: {done.stderr[-300:]}")
    broken += [f"{path} is not as it was" for path in changed(checker.before, snapshot(tree))]
    return results, broken


def _interpreter(given: argparse.Namespace) -> Interpreter | None:
    if not given.python:
        return None
    variables = tuple((name, value) for name, _, value in (one.partition("=") for one in given.env))
    return Interpreter(given.python, tuple(given.path), variables, tuple(given.tests), tuple(given.pytest_args.split()))


def table(results: Sequence[SplitResult]) -> list[tuple[str, ...]]:
    """A row for each module."""
    rows: list[tuple[str, ...]] = [("module", "lines", "parts", "longest", "why not")]
    rows += [(one.module, str(one.lines), str(len(one.parts) or ""), str(max(one.parts.values(), default="")), one.why)
             for one in results]  # fmt: skip
    return rows


if __name__ == "__main__":
    sys.exit(main())
