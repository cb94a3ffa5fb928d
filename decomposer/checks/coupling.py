"""How contexts lean on each other: a matrix, the heaviest edges and what would remove them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from decomposer.assigning.owners import Assignment
from decomposer.model.config import CORE
from decomposer.model.edges import Edge, Graph

_WEIGHED = frozenset({"load", "lazy", "typing", "optional", "dynamic", "call", "route", "table"})
_DATA_LAYERS = frozenset({"domain", "models", "schemas", "storage", "entities", "db"})


class HeavyEdge(Struct, frozen=True):
    """All references of one file to a file of another context, the symbols used, and what would end them."""

    source: str
    target: str
    source_context: str
    target_context: str
    weight: int
    names: tuple[str, ...]
    remedy: str


class Coupling(Struct, frozen=True):
    """References between contexts, `(from, to) -> count`, and the heaviest pairs of files."""

    matrix: tuple[tuple[str, str, int], ...]
    heaviest: tuple[HeavyEdge, ...]


def coupling(graph: Graph, assignment: Assignment, most: int = 10) -> Coupling:
    """The references that cross contexts; the core and unassigned files are rows like any other."""
    paths = {node.name: node.path for node in graph.nodes if node.role in ("module", "package")}
    layers = {node.path: node.layer for node in graph.nodes}
    inside = set(paths.values())
    matrix: Counter[tuple[str, str]] = Counter()
    pairs: dict[tuple[str, str], list[Edge]] = {}
    users: dict[str, set[str]] = {}
    for edge in graph.edges:
        target = paths.get(edge.target)
        if edge.kind not in _WEIGHED or target is None or edge.path not in inside or target == edge.path:
            continue
        source_context, target_context = assignment.context(edge.path), assignment.context(target)
        users.setdefault(target, set()).add(source_context)
        matrix[source_context or "unassigned", target_context or "unassigned"] += 1
        if source_context and target_context and source_context != target_context and (
            CORE not in (source_context, target_context)
        ):  # fmt: skip
            pairs.setdefault((edge.path, target), []).append(edge)
    heaviest = sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))[:most]
    return Coupling(
        tuple((a, b, n) for (a, b), n in sorted(matrix.items())),
        tuple(
            HeavyEdge(
                source, target, assignment.context(source), assignment.context(target), len(edges),
                tuple(sorted({name for edge in edges for name in edge.names}))[:8],
                _remedy(edges, users[target], assignment.context(source), layers.get(target, "")),
            )
            for (source, target), edges in heaviest
        ),
    )  # fmt: skip


def _remedy(edges: Iterable[Edge], users: set[str], source_context: str, layer: str) -> str:
    """The least that would remove an edge, judged by what kind of reference it is and who else uses it."""
    kinds = {edge.kind for edge in edges}
    if kinds <= {"typing", "call"} and "typing" in kinds:
        return "only types are used: move them to the core"
    if users - {CORE, ""} == {source_context}:
        return f"nothing else uses it: move it to {source_context}"
    if layer in _DATA_LAYERS:
        return "tables or schemas that several contexts need: share it in the core"
    return "logic of another context: call it through a client"
