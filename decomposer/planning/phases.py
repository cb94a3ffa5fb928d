"""The phases in order, and what stands in the way of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from msgspec import Struct

from decomposer.assigning.owners import Assignment
from decomposer.model.config import CORE, RuleSet
from decomposer.model.edges import Graph

_NEEDED = frozenset({"load", "lazy", "optional", "dynamic", "call", "table"})


class Phase(Struct, frozen=True):
    """One step of the plan: its contexts, and what blocks it, in words a person can act on."""

    number: int
    contexts: tuple[str, ...]
    blocked_by: tuple[str, ...]


def phases(
    rule_set: RuleSet,
    assignment: Assignment,
    graph: Graph,
    cycles: Sequence[tuple[str, ...]],
    entries: Collection[str],
) -> list[Phase]:
    """All phases with what blocks them; phase 1 is the shared core.

    Entry modules and the core's barrels put the monolith together: what they import does not block the core.
    """
    paths = {node.name: node.path for node in graph.nodes if node.role in ("module", "package")}
    inside = set(paths.values())
    needs: dict[str, dict[str, set[str]]] = {}
    broken: Counter[str] = Counter()
    for edge in graph.edges:
        if edge.path not in inside:
            continue
        context = assignment.context(edge.path)
        if context == CORE and (edge.source in entries or edge.path.endswith("/__init__.py")):
            continue
        if not edge.target and edge.kind in ("load", "optional", "lazy"):
            broken[context] += 1
        target = paths.get(edge.target, "")
        if target and edge.kind in _NEEDED:
            other = assignment.context(target)
            if other != context:
                needs.setdefault(context, {}).setdefault(other, set()).add(target)
    found = [Phase(1, (CORE,), tuple(_blocks(CORE, needs, broken, cycles, paths, assignment)))]
    for number in sorted({context.phase for context in rule_set.contexts}):
        names = tuple(context.name for context in rule_set.contexts if context.phase == number)
        blocks = [
            f"{name}: {block}" if len(names) > 1 else block
            for name in names
            for block in _blocks(name, needs, broken, cycles, paths, assignment)
        ]
        found.append(Phase(number, names, tuple(blocks)))
    return found


def _blocks(
    context: str,
    needs: dict[str, dict[str, set[str]]],
    broken: Counter[str],
    cycles: Sequence[tuple[str, ...]],
    paths: dict[str, str],
    assignment: Assignment,
) -> list[str]:
    blocks: list[str] = []
    wanted = needs.get(context, {})
    for other in sorted(wanted, key=lambda name: (-len(wanted[name]), name)):
        count = len(wanted[other])
        files = "1 file" if count == 1 else f"{count} files"
        if other == CORE:
            if context != CORE:
                blocks.append(f"needs {files} of the core (phase 1)")
        elif other:
            verb = "the core must not need" if context == CORE else "needs"
            blocks.append(f"{verb} {files} of {other}: share, client or copy each")
        else:
            blocks.append(f"needs {files} that nobody owns")
    crossing = 0
    for cycle in cycles:
        contexts = {assignment.context(paths[name]) for name in cycle if name in paths}
        crossing += context in contexts and len(contexts) > 1
    if crossing:
        blocks.append(f"{crossing} cycle{'s' if crossing > 1 else ''} of load edges with other contexts")
    if broken[context]:
        what = "import" if broken[context] == 1 else "imports"
        blocks.append(f"{broken[context]} {what} that cannot be resolved")
    return blocks
