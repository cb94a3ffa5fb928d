"""One module split in a working copy, and split again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.realmoves.checking import Checker, Failure


@dataclass(slots=True)
class SplitResult:
    """What came of one module: its parts with their lines (none, and why), and what is not as it should be."""

    module: str
    lines: int
    limit: int
    parts: dict[str, int] = field(default_factory=dict)
    why: str = ""
    broken: list[str] = field(default_factory=list)


def long_modules(checker: Checker) -> Iterator[str]:
    """The paths of the package's modules that have more lines than a file may have, the shortest first.

    A file whose name a package has is none: nothing can import it.
    """
    modules = {node["path"] for node in checker.graph["nodes"] if node["role"] in ("module", "package")}
    modules -= {path for path in modules if f"{path.removesuffix('.py')}/__init__.py" in modules}
    long = checker.ask("analyze")["files_over_limit"]
    yield from (one["path"] for one in sorted(long, key=lambda one: (one["loc"], one["path"]))
                if one["path"] in modules)  # fmt: skip


def split_one(checker: Checker, path: str) -> SplitResult:
    """Splits the module at a path; what it says it would do has to be what it does, and done again it does nothing."""
    told = checker.run("split", path, "--classes", "--plan", "--format", "json")
    if not told.stdout.strip():
        if "Traceback" in told.stderr:
            raise Failure(f"decompose split {path} --plan: {told.stderr}")
        return SplitResult(path, 0, 0, why=told.stderr.strip())
    proposal = json.loads(told.stdout)
    module: str = proposal["module"]
    result = SplitResult(module, proposal["loc"], proposal["limit"], why=proposal["why_not"])
    if not proposal["parts"]:
        return result
    done = checker.run("split", path, "--classes")
    if done.returncode:
        result.why = " ".join(line for line in done.stderr.splitlines() if ": error: " in line)[:300]
        if "Traceback" in done.stderr or not result.why:
            result.broken.append(done.stderr[-1000:])
        return result
    result.parts = {part["module"]: part["loc"] for part in proposal["parts"]}
    for name, lines in result.parts.items():
        file = checker.tree / path
        file = file if name == module else file.with_name(f"{name.rpartition('.')[2]}.py")
        if (there := file.read_bytes().count(b"\n")) != lines:
            result.broken.append(f"{name} has {there} lines, and was to have {lines}")
    again = checker.run("split", path, "--classes")
    if "nothing to do" not in again.stdout + again.stderr:
        result.broken.append(f"done again it does something: {(again.stdout + again.stderr)[:500]}")
    return result
