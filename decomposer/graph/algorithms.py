"""Cycles and reach in the graph."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

_Node = TypeVar("_Node", bound=Hashable)
_Ordered = TypeVar("_Ordered", str, int)


def strongly_connected(pairs: Iterable[tuple[_Ordered, _Ordered]]) -> list[tuple[_Ordered, ...]]:
    """Groups of modules that lean on each other in a circle, each sorted, the largest first."""
    import networkx  # heavy, and not needed when the pairs are those of the last run

    graph: networkx.DiGraph[_Ordered] = networkx.DiGraph()
    graph.add_edges_from(sorted(pairs))
    found = [tuple(sorted(group)) for group in networkx.strongly_connected_components(graph) if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), group))


def largest_matching(pairs: Iterable[tuple[str, str]]) -> int:
    """How many of the pairs can be chosen so that no two have the same first part, or the same second."""
    import networkx

    graph: networkx.Graph[tuple[int, str]] = networkx.Graph()
    graph.add_edges_from(sorted(((0, first), (1, second)) for first, second in pairs))
    firsts = {node for node in graph if not node[0]}
    return len(networkx.bipartite.hopcroft_karp_matching(graph, firsts)) // 2


def reach(starts: Iterable[_Node], leads_to: Mapping[_Node, Iterable[_Node]]) -> set[_Node]:
    """Everything that can be reached from the starts, the starts included."""
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for target in leads_to.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def parents(module: str) -> list[str]:
    """The packages that load before a module: `a` and `a.b` for `a.b.c`."""
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def communities(weights: Mapping[tuple[str, str], int], alone: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of nodes that have more to do with each other than with others, each sorted, the largest first.

    `weights` says how much two nodes have in common, `alone` are nodes that may have nothing in common with any.
    """
    import networkx

    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(sorted({*alone, *(node for pair in weights for node in pair)}))
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in sorted(weights.items()))
    if not graph.number_of_edges():
        found = [(node,) for node in graph]
    else:
        found = [tuple(sorted(group)) for group in
                 networkx.community.greedy_modularity_communities(graph, weight="weight")]  # fmt: skip
    return sorted(found, key=lambda group: (-len(group), group))
