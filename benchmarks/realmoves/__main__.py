"""Move single modules of a real application, each alone in a clean copy: a table of what broke.

Each move is made with `decompose move`, looked at (unresolved imports; what the application serves and which modules
import, in its own interpreter; its own tests) and taken back, which has to give the tree byte for byte. The application
has no network where `unshare` can see to that, and is only imported, never served.

Exit codes: 0 nothing broke, 1 something did, 2 there is nothing to compare with.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.movebench.tables import as_text
from benchmarks.realmoves.checking import Checker, Failure, Result
from benchmarks.realmoves.choosing import choose_moves
from benchmarks.realmoves.running import Interpreter
from benchmarks.realmoves.trees import copy_tree

CHECKS = ("move", "unresolved", "boot", "tests", "rollback")
SHOWN = 12  # of what one check has seen


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs as told on the command line."""
    given = read_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="realmoves-") as place:
        scratch = Path(place).resolve()
        try:
            results = list(run_all(given, scratch))
        except Failure as failure:
            print(failure, file=sys.stderr)
            return 2
    if given.json:
        given.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    print(*as_text(table(results)), "", *failures(results), sep="\n")
    refused, broken = sum(one.refused for one in results), sum(bool(one.broken) for one in results)
    print(f"{len(results)} moves: {broken} broke something, {refused} were refused")
    return int(bool(broken))


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realmoves", description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("folder", type=Path, help="a repository, which is copied")
    add("--source", metavar="DIR", help="the folder that holds the package, if that is not found")
    add("--package", metavar="NAME", help="the package, if it is not found")
    add("--entry", default="", metavar="MODULE:NAME", help="the application, if it is not found")
    add("--python", metavar="FILE", help="an interpreter with the application's libraries")
    add("--path", action="append", metavar="DIR", help="a folder to import from, below FOLDER; may be repeated")
    add("--env", action="append", default=[], metavar="NAME=VALUE", help="{tmp} is a folder made for it")
    add("--no-boot", action="store_true", help="run nothing of the application")
    add("--tests", action="append", default=[], metavar="DIR", help="its own tests; may be repeated")
    add("--pytest-args", default="", metavar="ARGS", help="more for pytest, separated by spaces")
    add("--count", type=int, default=30, metavar="N", help="so many moves that are not refused (default 30)")
    add("--only", default="*", metavar="GLOB", help="only modules of such names")
    add("--move", action="append", nargs=2, metavar=("OLD", "NEW"), help="this move instead; may be repeated")
    add("--no-alias", action="store_true", help="leave no alias at the old names")
    add("--json", type=Path, metavar="FILE", help="where to keep every result")
    return parser.parse_args(arguments)


def run_all(given: argparse.Namespace, scratch: Path) -> Iterator[Result]:
    """The result of each move, told on standard error as it is known.

    Raises Failure where there is nothing to compare with.
    """
    original, tree = scratch / "original", scratch / "tree"
    copy_tree(given.folder, original)
    if given.source or given.package:
        (original / "decompose.toml").write_text(_configuration(given))
    copy_tree(original, tree)
    checker = Checker(tree, scratch, _interpreter(given), given.entry, not given.no_alias)
    print(checker.tell_baseline(), file=sys.stderr)
    pairs: Iterable[Sequence[str]] = given.move or choose_moves(checker.graph, checker.config["package"], given.only)
    left = len(given.move) if given.move else given.count
    for old, new in pairs:
        if not left:
            return
        result = checker.check(old, new)
        left -= not result.refused
        print("  ".join(table([result])[1]), *failures([result]), file=sys.stderr, sep="\n", flush=True)
        yield result
        if "rollback" in result.broken:
            print("the tree is made anew", file=sys.stderr)
            checker.renew(original)


def _configuration(given: argparse.Namespace) -> str:
    settings = {"source": given.source, "package": given.package, "entry": given.entry and [given.entry]}
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items() if value)


def _interpreter(given: argparse.Namespace) -> Interpreter | None:
    if given.no_boot or not given.python:
        return None
    path = tuple(given.path or [given.source or "."])
    variables = tuple((name, value) for name, _, value in (one.partition("=") for one in given.env))
    return Interpreter(given.python, path, variables, tuple(given.tests), tuple(given.pytest_args.split()))


def table(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """A row for each move."""
    rows: list[tuple[str, ...]] = [("move", "files", "problems", *CHECKS, "seconds")]
    for one in results:
        verdicts = ("refused" if one.refused and check == "move" else one.verdict(check) for check in CHECKS)
        move, figures = f"{one.old} -> {one.new}", (str(one.files), str(len(one.problems)))
        rows.append((move, *figures, *verdicts, f"{one.seconds:.0f}"))
    return rows


def failures(results: Sequence[Result]) -> Iterator[str]:
    """What broke, and what the tool had to say about moves that it refused."""
    for one in results:
        told = {"refused": one.problems} if one.refused else one.broken
        for check, lines in told.items():
            yield f"{one.old} -> {one.new}: {check}"
            yield from (f"    {line}" for line in lines[:SHOWN])
            if len(lines) > SHOWN:
                yield f"    … {len(lines) - SHOWN} more"


if __name__ == "__main__":
    sys.exit(main())
