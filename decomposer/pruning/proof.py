"""What must be after a pruning as it was before: routes, tables, references, and that everything loads."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.checks.load_order import new_load_failures
from decomposer.extracting.tree import Tree
from decomposer.model.edges import Route
from decomposer.model.problems import Problem
from decomposer.pruning.lost import loaded_modules, lost_modules, program_of
from decomposer.pruning.selecting import Selection


def unchanged(before: Tree, after: Tree, selection: Selection) -> Iterator[Problem]:
    """An error for everything that would not be as it was."""
    entry = before.code.path(before.code.entry) if before.code.entry in before.code.modules.path_of else "."
    was, now = _served(before), _served(after)
    there = set(map(_key, now))
    for route in was:
        if _key(route) not in there:
            yield Problem(route.source, route.line, "route-lost", f"{route.method} {route.path} would not be served")
    if [*map(_key, was)] != [*map(_key, now)] and {*map(_key, was)} == there:
        yield Problem(entry, 0, "route-order", "the routes would be tried in another order")
    loaded = loaded_modules(before)
    tables = {(table.name, table.module) for table in after.graph.tables}
    for table in before.graph.tables:
        if (table.name, table.module) not in tables and table.module in loaded:
            yield Problem(table.path, table.line, "table-lost", f"the table {table.name} would not be known any more")
    for module in sorted(lost_modules(before, after, selection)):
        yield Problem(before.code.path(module), 0, "not-loaded", "would not be loaded at the start any more")
    known = {(edge.path, edge.kind, edge.names, edge.reason) for edge in before.graph.edges if not edge.target}
    for edge in after.graph.edges:
        if not edge.target and (edge.path, edge.kind, edge.names, edge.reason) not in known:
            told = f"would lead nowhere: {', '.join(edge.names) or edge.reason}"
            yield Problem(edge.path, edge.line, "unresolved", told, "it is used after all")
    starts = [name.partition(":")[0] for name in before.config.entries]
    yield from new_load_failures(program_of(before), program_of(after), starts, {})


def _served(tree: Tree) -> list[Route]:
    return [route for route in tree.graph.routes if route.entry]


def _key(route: Route) -> tuple[str, str, str, str, str]:
    return route.entry, route.method, route.path, route.module, route.served_by()
