"""Cycles and reach in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def strongly_connected(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Groups of modules that lean on each other in a circle, each sorted, the largest first."""
    import networkx  # heavy, and not needed when the pairs are those of the last run

    graph: networkx.DiGraph[str] = networkx.DiGraph()
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


def reach(starts: Iterable[str], leads_to: Mapping[str, Iterable[str]]) -> set[str]:
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
