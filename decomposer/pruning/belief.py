"""How sure it is that something is dead: what is marked from the entries, and what else only by weaker references."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from decomposer.graph.algorithms import parents
from decomposer.graph.link import is_test
from decomposer.graph.symbols import Symbols
from decomposer.model.config import Config
from decomposer.model.dead_code import (
    DEAD,
    DEGREES,
    LOADED,
    NAMED,
    NOTHING,
    TABLE,
    TESTS,
    DeadCode,
    Evidence,
    Finding,
    Outline,
)
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts
from decomposer.pruning.hidden import hidden_files
from decomposer.pruning.references import BY_TABLE, CODE, HANDED, TEXT, TOLD, Reference, References
from decomposer.pruning.starting import runs
from decomposer.pruning.units import Unit, Units
from decomposer.pruning.words import Words

_SHOWN = 8
"""So many places are kept of each kind of evidence."""


def dead_code(
    config: Config, symbols: Symbols, graph: Graph, facts: Mapping[str, PythonFacts],
    outlines: Mapping[str, Outline], files: Collection[str], read: Callable[[str], bytes | None], words: Words,
    aliases: Collection[str] = (), all_served: bool = True,
) -> DeadCode:  # fmt: skip
    """Everything that the entries do not reach, the surest first, each with its degree and the evidence.

    `outlines` are those of the package's files, by path; `files` are all files that may name something, `words` what is
    known of them already. `aliases` are
    modules that hand on others at an old name, which is for those that nobody can see. `all_served` says whether it is
    known of every router if it is included.
    """
    units = Units(symbols, outlines)
    unserved = _unserved(graph) if all_served else ()
    references = References(symbols, graph, units, facts, read, unserved, words).collect(files)
    entries = _entries(config, graph, units, facts)
    marking = _Marking(units, references)
    live = marking.reach([unit for _, unit in entries], {CODE}, "script")
    tested = marking.reach(live, {CODE}, "test")
    named = marking.reach(live, {CODE, TEXT}, "document")
    tabled = marking.reach(live, {CODE, BY_TABLE}, "table")
    loaded = marking.reach(live, {CODE, HANDED}, "script")
    somehow = marking.reach(live, {CODE, HANDED, TEXT, BY_TABLE}, "document")
    found = []
    for unit in _all(units):
        if unit in live or unit[0] in aliases or (unit[1] and (unit[0], "") not in live):
            continue
        told = marking.to.get(unit, [])
        degree = TABLE if unit in tabled else NAMED if unit in named else LOADED if unit in loaded else \
            NAMED if unit in somehow else TESTS if unit in tested else \
            DEAD if any(one.way != TOLD for one in told) or _handed_on(units, unit) else NOTHING  # fmt: skip
        found.append(_finding(units, graph, facts, unit, degree, told))
    found += hidden_files(units, facts, files, read)
    order = list(DEGREES)
    found.sort(key=lambda one: (order.index(one.degree), one.path, one.line))
    looked_from = {unit[0]: kind for kind, unit in reversed(entries)}
    return DeadCode(tuple(found), tuple((kind, module) for module, kind in reversed(looked_from.items())))


class _Marking:
    """What can be reached by some ways of reference."""

    def __init__(self, units: Units, references: References) -> None:
        self.units, self.by_holder = units, references.by_holder
        self.roles = references.roles
        self.to: dict[Unit, list[Reference]] = {}
        for found in self.by_holder.values():
            for reference in found:
                self.to.setdefault(reference.target, []).append(reference)

    def reach(self, starts: Iterable[Unit], ways: Collection[str], outside: str) -> set[Unit]:
        """The units that are reached by these ways from others, and from files outside.

        `outside` says which of those: scripts always do, "test" files, or "document", all that name something, too.
        """
        marked: set[Unit] = set()
        waiting: set[Unit] = set()
        files = [holder for holder in self.by_holder if isinstance(holder, str) and self._speaks(holder, outside)]
        work: list[Unit | str] = [*files]
        for start in starts:
            self._mark(start, marked, waiting, work)
        while work:
            for reference in self.by_holder.get(work.pop(), ()):
                if reference.way in ways:
                    self._mark(reference.target, marked, waiting, work)
        return marked

    def _mark(self, unit: Unit, marked: set[Unit], waiting: set[Unit], work: list[Unit | str]) -> None:
        """Marks a module with the packages above it, and a function or class as soon as its module is marked."""
        module, name = unit
        if name and (module, "") not in marked:
            waiting.add(unit)
            return
        for found in [unit] if name else [(above, "") for above in (*parents(module), module)]:
            if found in marked:
                continue
            marked.add(found)
            work.append(found)
            if not found[1]:
                for later in [one for one in waiting if one[0] == found[0]]:
                    waiting.discard(later)
                    self._mark(later, marked, waiting, work)

    def _speaks(self, path: str, outside: str) -> bool:
        if is_test(path):
            return outside == "test"
        if path.endswith(".py"):
            return self.roles.get(path) == "script" or outside in ("document", "table")
        return runs(path) or outside == "document"


def _entries(
    config: Config, graph: Graph, units: Units, facts: Mapping[str, PythonFacts]
) -> list[tuple[str, Unit]]:  # fmt: skip
    """Where it is looked from, besides scripts and what units and projects start: each with its kind."""
    modules = units.modules
    found = [("application", (entry.partition(":")[0], "")) for entry in config.entries]
    external = {path for path, name, _ in graph.external if name == "alembic"}
    for module, path in sorted(modules.path_of.items()):
        outline = units.outlines.get(path)
        if is_test(path):
            continue
        if outline is None:
            found.append(("not understood", (module, "")))
        elif any(event.action == "router" and event.value.endswith("FastAPI") for event in facts[path].routes):
            found.append(("makes an application", (module, "")))
        elif outline.is_main or module.endswith(".__main__"):
            found.append(("runs itself", (module, "")))
        elif path in external or not all(part.isidentifier() for part in module.split(".")):
            found.append(("loaded by its path", (module, "")))
    return [(kind, unit) for kind, unit in found if unit[0] in modules.path_of]


def _unserved(graph: Graph) -> frozenset[str]:
    """Modules whose routers no application includes, and that define no tables."""
    served = {route.source for route in graph.routes if route.entry}
    names = {node.path: node.name for node in graph.nodes}
    idle = {route.source for route in graph.routes if not route.entry} - {table.path for table in graph.tables}
    return frozenset(names[path] for path in idle - served if served and path in names)


def _all(units: Units) -> list[Unit]:
    modules = [(module, "") for module, path in units.modules.path_of.items() if not is_test(path)]
    return [*modules, *units.parts]


def _handed_on(units: Units, unit: Unit) -> list[Evidence]:
    """Where a function or class is imported, or listed in `__all__`, without being used."""
    if not unit[1]:
        return []
    own = units.parts[unit].start, units.parts[unit].end
    return sorted(
        Evidence(path, line, "import", f"hands on {unit[1]}")
        for path, outline in units.outlines.items() for name, line in outline.silent
        if name == unit[1] and not (path == units.modules.path_of[unit[0]] and own[0] <= line <= own[1])
        and not any(part.name == name and part.start <= line <= part.end for part in outline.parts)
    )  # fmt: skip


def _finding(
    units: Units, graph: Graph, facts: Mapping[str, PythonFacts], unit: Unit, degree: str,
    references: list[Reference],
) -> Finding:  # fmt: skip
    module, name = unit
    path = units.modules.path_of[module]
    evidence = [reference.evidence for reference in references] + _handed_on(units, unit)
    if not name:
        unserved = [route for route in graph.routes if route.source == path and not route.entry]
        evidence += [Evidence(path, route.line, "route", f"{route.method} {route.path}: included by no application")
                     for route in unserved]  # fmt: skip
    users = tuple(sorted({one.holder for one in references if one.way == CODE and isinstance(one.holder, tuple)}))
    tests = tuple(sorted({one.holder for one in references if isinstance(one.holder, str) and is_test(one.holder)}))
    kept: list[Evidence] = []
    for one in sorted(set(evidence)):
        if sum(other.kind == one.kind for other in kept) < _SHOWN:
            kept.append(one)
    if not name:
        kind = "package" if path.endswith("/__init__.py") else "module"
        return Finding(module, "", kind, path, 1 if facts[path].lines else 0, facts[path].lines, degree, tuple(kept),
                       users, tests)  # fmt: skip
    part = units.parts[unit]
    return Finding(module, name, part.kind, path, part.start, part.end, degree, tuple(kept), users, tests)
