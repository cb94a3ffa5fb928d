"""Which tables the handling of each route comes to: what one transaction may touch."""

from __future__ import annotations

from collections.abc import Mapping

from decomposer.model.edges import Graph, Route
from decomposer.model.facts import PythonFacts

_Symbol = tuple[str, str]
"""A module and a function or class at its top."""


def touched_tables(
    graph: Graph, facts: Mapping[str, PythonFacts], routes: list[Route]
) -> list[tuple[Route, tuple[str, ...]]]:
    """The names of the tables that a route's handler comes to, by whatever it uses and what that uses; in their order.

    A class counts as a whole: whoever uses one of its methods may come to what the others touch. What a table's own
    class uses does not count: who reads orders need not read the customers that they refer to.
    """
    users = _users(graph, facts)
    found: dict[_Symbol, int] = {}
    waiting: list[_Symbol] = []
    for number, table in enumerate(graph.tables):
        symbol = (table.module, table.class_name)
        found[symbol] = found.get(symbol, 0) | 1 << number
        waiting.append(symbol)
    own = frozenset(found)
    while waiting:  # each table is passed on to whoever uses what comes to it
        symbol = waiting.pop()
        tables = found[symbol]
        for user in users.get(symbol, ()):
            if user in own:
                continue
            known = found.get(user, 0)
            if tables | known != known:
                found[user] = tables | known
                waiting.append(user)
    names = [table.name for table in graph.tables]
    told: dict[int, tuple[str, ...]] = {}  # many routes come to the same
    touched = []
    for route in routes:
        mask = found.get((route.module, _top(route.handler)), 0)
        if mask not in told:
            told[mask] = tuple(sorted({name for number, name in enumerate(names) if mask >> number & 1}))
        touched.append((route, told[mask]))
    return touched


def _users(graph: Graph, facts: Mapping[str, PythonFacts]) -> dict[_Symbol, set[_Symbol]]:
    """Of each symbol those that use it, in its own module and in others."""
    users: dict[_Symbol, set[_Symbol]] = {}
    for edge in graph.edges:
        if edge.scope and edge.names and edge.kind in ("call", "route") and edge.target:
            users.setdefault((edge.target, _top(edge.names[0])), set()).add((edge.source, _top(edge.scope)))
    for node in graph.nodes:
        told = facts.get(node.path) if node.role == "module" else None
        if told is None:
            continue
        name = node.name
        here = {definition.name for definition in told.definitions if "." not in definition.name}
        pairs = {(use.name, use.scope) for use in told.uses if use.scope}
        for used, scope in pairs:
            top, user = used.partition(".")[0], scope.partition(".")[0]
            if top in here and top != user:
                users.setdefault((name, top), set()).add((name, user))
    return users


def _top(name: str) -> str:
    return name.partition(".")[0]
