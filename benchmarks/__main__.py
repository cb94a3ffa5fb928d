"""`python -m benchmarks [FOLDER]`: measure the tool on a folder, or on the replica; print a table in Markdown.

The folder is copied first. Raw figures are kept as JSON. Exit code: 0 measured, 1 something failed, 2 no tree.
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
from benchmarks.commands import all_commands, cold
from benchmarks.measuring import Failure, Figures, measure
from benchmarks.subject import ROOT, Subject, copy_folder, look, write_replica

Environment = dict[str, str]


def main() -> int:
    """Measures as told on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="a repository; the replica if none is given")
    parser.add_argument("--package-root", metavar="DIR", help="the package's folder below FOLDER, if not found")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="rounds that count (default 5)")
    parser.add_argument("--copies", default="1,3,10", metavar="N,…", help="sizes of the replica; '' for none")
    parser.add_argument("--quick", action="store_true", help="one round of the replica and no sizes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to keep the raw figures")
    given = parser.parse_args()
    rounds = 1 if given.quick else max(1, given.runs)
    sizes = [] if given.quick or given.folder else [int(size) for size in given.copies.split(",") if size]
    try:
        with _tree(given.folder, 1, given.package_root) as (subject, environment, scratch):
            figures = measure(all_commands(subject, environment, scratch), environment, rounds)
        scaled = [(copies, *_cold_only(copies, min(rounds, 3))) for copies in sizes]
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 2
    name = given.folder.resolve().name if given.folder else "the replica"
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors"
    print(f"{name}: {len(subject.files):,} files, {subject.lines:,} lines; {machine}; {rounds} rounds\n")
    print("\n".join(tables.costs(figures, subject.lines)))
    if scaled:
        print("\n" + "\n".join(tables.growth(scaled)))
    _keep(given.json, {
        "tree": name, "files": len(subject.files), "lines": subject.lines, "machine": machine,
        "costs": {name: asdict(found) for name, found in figures.items()},
        "growth": [{"copies": copies, "lines": lines, **asdict(found)} for copies, lines, found in scaled],
    })  # fmt: skip
    return 1 if any(found.failure for found in [*figures.values(), *(size[2] for size in scaled)]) else 0


@contextmanager
def _tree(folder: Path | None, copies: int, package_root: str | None) -> Iterator[tuple[Subject, Environment, Path]]:
    """A tree of its own to measure, the environment of the commands, and a folder for what else they write."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        scratch = Path(place).resolve()
        environment = {**os.environ, "DECOMPOSE_CACHE_DIR": str(scratch / "cache"), "PYTHONPATH": str(ROOT)}
        if folder:
            copy_folder(folder, scratch / "tree")
        else:
            write_replica(scratch / "tree", copies)
        yield look(scratch / "tree", environment, package_root), environment, scratch


def _cold_only(copies: int, rounds: int) -> tuple[int, Figures]:
    """Lines, and the cold analysis's figures, of so many copies of the replica's package."""
    with _tree(None, copies, None) as (subject, environment, _):
        command = cold(subject)
        return subject.lines, measure([command], environment, rounds)[command.name]


def _keep(path: Path | None, figures: dict[str, object]) -> None:
    now = datetime.now(UTC)
    path = path or ROOT / "benchmarks" / "results" / f"{now:%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"when": now.isoformat(timespec="seconds"), **figures}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
