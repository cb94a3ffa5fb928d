"""What is measured on a tree: the tool in each state of its cache, and what it is compared with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measuring import Command, run
from benchmarks.subject import DECOMPOSE, Subject

HELP = "decompose --help"
COLD, WARM, CHANGED = "analyze, cold", "analyze, warm", "analyze, one file changed"
LIBCST = "analyze --reader libcst, cold"
PARSE, PARSE_TWO = "libcst.parse_module, in sequence", "libcst.parse_module, two workers"
GRIMP_COLD, GRIMP_WARM = "grimp, cold", "grimp, warm"
RUFF = "ruff analyze graph"

_GRIMP = "import sys, grimp; sys.path.insert(0, sys.argv[1]); grimp.build_graph(sys.argv[2], cache_dir=sys.argv[3])"


def cold(subject: Subject) -> Command:
    """The analysis with nothing kept from before."""
    return Command(COLD, (*_analyze(subject), "--no-cache"))


def all_commands(subject: Subject, environment: Mapping[str, str], scratch: Path) -> list[Command]:
    """The commands of one round, in order; `scratch` is a folder for lists and grimp's caches."""
    listed = scratch / "files.txt"
    listed.write_text("\n".join(map(str, subject.files)))
    parse = (sys.executable, str(Path(__file__).with_name("parse.py")))
    kept, fresh = str(scratch / "grimp-kept"), str(scratch / "grimp-fresh")
    grimp = (sys.executable, "-c", _GRIMP, str(subject.source), subject.package)
    beside = Path(sys.executable).with_name("ruff")
    ruff = str(beside) if beside.exists() else shutil.which("ruff") or "ruff"

    def settle() -> None:
        run(_analyze(subject), environment)

    def settle_and_change() -> None:
        settle()
        subject.change()

    return [
        Command(HELP, (*DECOMPOSE, "--help")),
        Command(WARM, _analyze(subject), before=settle),
        Command(GRIMP_WARM, (*grimp, kept)),
        Command(CHANGED, _analyze(subject), before=settle_and_change, after=subject.restore),
        cold(subject),
        Command(PARSE, (*parse, "1"), stdin=str(listed)),
        Command(LIBCST, (*_analyze(subject), "--no-cache", "--reader", "libcst")),
        Command(PARSE_TWO, (*parse, "2"), stdin=str(listed)),
        Command(GRIMP_COLD, (*grimp, fresh), before=lambda: shutil.rmtree(fresh, ignore_errors=True)),
        Command(RUFF, (ruff, "analyze", "graph", "--preview", str(subject.source / subject.package))),
    ]


def _analyze(subject: Subject) -> tuple[str, ...]:
    return (*DECOMPOSE, "analyze", "--repo", str(subject.root))
