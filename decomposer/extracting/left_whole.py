"""Whether what stays of the monolith is whole when contexts have been taken out of it: its routes and its imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from decomposer.extracting.leaving import Leaving, imported
from decomposer.extracting.tree import Tree
from decomposer.model.edges import IMPORT_KINDS, Route
from decomposer.model.facts import Import
from decomposer.model.problems import Problem


def _key(route: Route) -> tuple[str, str, str, str]:
    return route.method, route.path, route.module, route.served_by()


def route_problems(tree: Tree, after: Tree, what: Leaving) -> Iterator[Problem]:
    """Where the monolith would not serve exactly what it served without what leaves, in the same order."""
    going = {tree.code.path(module) for module in what.modules}
    stay = [route for route in tree.code.graph.routes if route.entry and route.source not in going]
    now = [route for route in after.code.graph.routes if route.entry]
    for route in _missing(stay, now):
        yield Problem(route.source, route.line, "route-lost", f"{route.method} {route.path}: the monolith would not "
                      "serve it any more", "include its router apart from those that leave")  # fmt: skip
    for route in _missing(now, stay):
        yield Problem(route.source, route.line, "route-kept", f"{route.method} {route.path}: the monolith would still "
                      "serve it", "take it out of what puts the application together")  # fmt: skip
    if Counter(map(_key, stay)) == Counter(map(_key, now)) and [*map(_key, stay)] != [*map(_key, now)]:
        yield Problem(tree.code.path(tree.code.entry), 0, "route-order", "the routes that stay would be tried in "
                      "another order")  # fmt: skip


def _missing(routes: Sequence[Route], others: Sequence[Route]) -> Iterator[Route]:
    """The routes that are not among the others, of equal ones as many as are missing there."""
    there = Counter(map(_key, others))
    for route in routes:
        if not there[_key(route)]:
            yield route
        there[_key(route)] -= 1


def lost_references(tree: Tree, after: Tree) -> Iterator[Problem]:
    """Imports of what stays that would lead nowhere though they lead somewhere now: all should have been told of."""
    inside = set(after.code.modules.name_of)
    for edge in after.code.graph.edges:
        if edge.target or edge.path not in inside or edge.kind not in IMPORT_KINDS:
            continue
        facts = [fact for fact in after.python[edge.path].imports if fact.line == edge.line]
        if any(target and name in edge.names for fact in facts
               for name, target in imported(tree, edge.path, replace(fact, names=tuple((n, n) for n, _ in fact.names)))
               if _resolves(tree, edge.path, fact, name)):  # fmt: skip
            yield Problem(edge.path, edge.line, "still-loaded", f"would lead nowhere: {', '.join(edge.names)} "
                          f"({edge.reason})", "let it do without")  # fmt: skip


def _resolves(tree: Tree, path: str, fact: Import, name: str) -> bool:
    """Whether an import finds a name as the files are now."""
    base = tree.code.modules.absolute(path, fact.level, fact.module) or ""
    return not fact.is_from or tree.code.symbols.resolve(base, name) is not None
