"""The quality of a placement as the graph shows it: which calls, tables and lines count for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct

from decomposer.checks.quality import Structure, outside_band, structure, transaction_entropy
from decomposer.checks.transactions import touched_tables
from decomposer.model.config import CORE, Limits
from decomposer.model.edges import Graph, Route
from decomposer.model.facts import PythonFacts


class Quality(Struct, frozen=True):
    """The structure of the services, their transactions and their sizes.

    `transactions` are the routes that come to a table of a service, `shared` those that come to tables of several;
    `transaction_entropy` is their mean. `outside_band` is the share of lines in services outside the target band.
    """

    structure: Structure
    transactions: int
    shared: int
    transaction_entropy: float
    outside_band: float


def quality(
    graph: Graph, facts: Mapping[str, PythonFacts], served: list[Route], context: Callable[[str], str], limits: Limits
) -> Quality:
    """The figures of a placement, `context` being the owner of a path; the core and what nobody owns are no services.

    The band of sizes is from the lines that a single file may have to those that a service should have.
    """
    return figures(calls_of(graph), modules_of(graph), touched_tables(graph, facts, served), graph, context, limits)


def figures(
    calls: Mapping[tuple[str, str], int], modules: Mapping[str, str],
    touched: Iterable[tuple[Route, tuple[str, ...]]], graph: Graph, context: Callable[[str], str], limits: Limits,
) -> Quality:  # fmt: skip
    """The same from what does not depend on the placement: calls, files and tables by route, each computed once."""
    services = {path: name for path in modules if (name := context(path)) not in ("", CORE)}
    owner = {table.name: services.get(table.path, "") for table in graph.tables}
    transactions: dict[tuple[str, ...], tuple[dict[str, int], int]] = {}
    for _, tables in touched:
        if tables not in transactions:
            transactions[tables] = (Counter(filter(None, (owner[table] for table in tables))), 0)
        contexts, count = transactions[tables]
        transactions[tables] = (contexts, count + 1)
    told = [(contexts, count) for contexts, count in transactions.values() if contexts]
    lines: Counter[str] = Counter()
    for node in graph.nodes:
        if node.path in services:
            lines[services[node.path]] += node.lines
    return Quality(
        structure(calls, {path: name for path, name in services.items() if not path.endswith("/__init__.py")}),
        sum(count for _, count in told), sum(count for contexts, count in told if len(contexts) > 1),
        transaction_entropy(contexts for contexts, count in told for _ in range(count)),
        outside_band(lines.values(), limits.file, limits.service_target),
    )  # fmt: skip


def modules_of(graph: Graph) -> dict[str, str]:
    """The modules and packages of the monolith: dotted names by path."""
    return {node.path: node.name for node in graph.nodes if node.role in ("module", "package")}


def calls_of(graph: Graph) -> dict[tuple[str, str], int]:
    """How often one file calls another: each symbol that a function uses counts once, `Depends` among them.

    A router that is included is not called.
    """
    paths = {name: path for path, name in modules_of(graph).items()}
    routers = {step.partition(" ")[0] for route in graph.routes for step in route.chain}
    found: dict[tuple[str, str], int] = {}
    for edge in graph.edges:
        if edge.kind not in ("call", "route") or edge.path == (target := paths.get(edge.target)) or target is None:
            continue
        if edge.names and f"{edge.target}:{edge.names[0]}" in routers:
            continue
        found[edge.path, target] = found.get((edge.path, target), 0) + 1
    return found
