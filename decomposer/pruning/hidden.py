"""Files that no import can reach, for a package has their name: dead unless something starts or reads them as files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from decomposer.facts.words import places_of
from decomposer.graph.link import is_test
from decomposer.model.dead_code import NAMED, NOTHING, TESTS, Evidence, Finding
from decomposer.model.facts import PythonFacts
from decomposer.pruning.starting import is_document, runs, starts_at
from decomposer.pruning.units import Units


def hidden_files(
    units: Units, facts: Mapping[str, PythonFacts], files: Iterable[str], read: Callable[[str], bytes | None]
) -> Iterator[Finding]:  # fmt: skip
    """Those that nothing starts, each with the places that name it as a file; its path stands for its module."""
    outlines = units.outlines
    known = {path: winner for path, winner in units.modules.shadowed.items()
             if path in outlines and not outlines[path].is_main and not is_test(path)}  # fmt: skip
    named = _named(units, known, files, read) if known else {}
    for path, winner in known.items():
        told = named.get(path, [])
        if any(one.kind == "code" for one in told):
            continue
        degree = NAMED if any(one.kind in ("config", "string") for one in told) else \
            TESTS if any(one.kind == "test" for one in told) else NOTHING  # fmt: skip
        evidence = (*told, Evidence(winner, 0, "package", "has its name: every import finds this"))
        tests = tuple(sorted({one.path for one in told if one.kind == "test"}))
        lines = facts[path].lines
        yield Finding(path, "", "hidden module", path, min(lines, 1), lines, degree, evidence, tests=tests)


def _named(
    units: Units, hidden: Iterable[str], files: Iterable[str], read: Callable[[str], bytes | None]
) -> dict[str, list[Evidence]]:  # fmt: skip
    """Where `name.py` stands in other files, which may mean any of that name; of kind "code" where it is started."""
    stems: dict[str, list[str]] = {}
    for path in hidden:
        stems.setdefault(posixpath.basename(path).removesuffix(".py"), []).append(path)
    endings = {stem: f"{stem}.py".encode() for stem in stems}
    found: dict[str, list[Evidence]] = {}
    for holder in files:
        source = read(holder) or b""
        here = [stem for stem, ending in endings.items() if ending in source]
        for place in places_of(source, here) if here and b"\0" not in source[:8000] else ():
            if place.is_file:
                kind = _kind(units, holder, source, place.line)
                for path in stems[place.name]:
                    if path != holder:
                        evidence = Evidence(holder, place.line, kind, f"{place.name}.py")
                        found.setdefault(path, []).append(evidence)
    return found


def _kind(units: Units, holder: str, source: bytes, line: int) -> str:
    if is_test(holder):
        return "test"
    if holder in units.outlines:
        return "string" if line in units.outlines[holder].quoted else "document"
    if holder.endswith(".py"):
        return "string"
    if is_document(holder):
        return "config" if starts_at(source, line) else "document"
    return "code" if runs(holder) else "config"
