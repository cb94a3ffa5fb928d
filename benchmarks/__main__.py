"""Measure the tool on a copy of a folder, or on the replica: a table in Markdown, raw figures in JSON.

Exit codes: 0 measured, 1 a command failed, 2 there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import tables
from benchmarks.measuring import Failure, Figures, measure
from benchmarks.trees import COLD, ROOT, Tree, copy_folder, write_replica


def main() -> int:
    """Measures as told on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="a repository; the replica if none is given")
    parser.add_argument("--package-root", metavar="DIR", help="where its package is, if that is not found")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds that count (default 5)")
    parser.add_argument("--copies", default="1,3,10", metavar="N,…", help="sizes of the replica; '' for none")
    parser.add_argument("--quick", action="store_true", help="one round that counts, and no sizes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to keep the raw figures")
    given = parser.parse_args()
    rounds = 1 if given.quick else max(1, given.runs)
    sizes = [] if given.quick or given.folder else [int(size) for size in given.copies.split(",") if size]
    try:
        with _tree(given.folder, 1, given.package_root) as (tree, scratch):
            warm = not given.quick
            figures = measure(tree.commands(scratch), tree.environment, rounds, warm)
            figures |= measure(tree.reports(), tree.environment, min(rounds, 3), warm)
            figures |= measure(tree.moves(scratch), tree.environment, min(rounds, 3), warm)
        grown = [(copies, *_cold(copies, min(rounds, 3))) for copies in sizes]
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 2
    name = given.folder.resolve().name if given.folder else "the replica"
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    print(f"{name}: {len(tree.files):,} files, {tree.lines:,} lines; {machine}; {rounds} rounds\n")
    print("\n".join(tables.costs(figures, tree.lines)))
    if grown:
        print("", *tables.growth(grown), sep="\n")
    now = datetime.now(UTC)
    kept = given.json or ROOT / "benchmarks" / "results" / f"{now:%Y%m%d-%H%M%S}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({
        "when": now.isoformat(timespec="seconds"), "machine": machine,
        "tree": name, "files": len(tree.files), "lines": tree.lines,
        "costs": {command: asdict(found) for command, found in figures.items()},
        "growth": [{"copies": copies, "lines": lines, **asdict(found)} for copies, lines, found in grown],
    }, indent=1) + "\n")  # fmt: skip
    return 1 if any(found.failure for found in (*figures.values(), *(size[2] for size in grown))) else 0


@contextmanager
def _tree(folder: Path | None, copies: int, package_root: str | None = None) -> Iterator[tuple[Tree, Path]]:
    """A tree of its own to measure, and a folder for what else is written."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        scratch = Path(place).resolve()
        environment = {**os.environ, "DECOMPOSE_CACHE_DIR": str(scratch / "cache"), "PYTHONPATH": str(ROOT),
                       "PYTHONPYCACHEPREFIX": str(scratch / "compiled")}  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled: the tool as well as grimp
        if folder:
            copy_folder(folder, scratch / "tree")
        else:
            write_replica(scratch / "tree", copies)
        yield Tree(scratch / "tree", environment, package_root), scratch


def _cold(copies: int, rounds: int) -> tuple[int, Figures]:
    """Lines of the replica with so many copies of its package, and the figures of its cold analysis."""
    with _tree(None, copies) as (tree, _):
        return tree.lines, measure([tree.cold()], tree.environment, rounds)[COLD]


if __name__ == "__main__":
    sys.exit(main())
