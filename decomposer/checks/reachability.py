"""What the entry points reach: evidence about dead code, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from decomposer.graph.algorithms import parents, reach
from decomposer.model.edges import Graph, Node

_RUNS = frozenset({"load", "lazy", "optional", "dynamic"})


class Unreached(Struct, frozen=True):
    """A file that the application does not reach, with everything that speaks for its being used.

    `reached_from` are kinds of other entries (application, script, test); `named_in` are places that name it
    in a string or a file that is not Python; `belief` sums it up.
    """

    path: str
    lines: int
    belief: str
    reached_from: tuple[str, ...]
    named_in: tuple[str, ...]
    used_by: tuple[str, ...]


class Reach(Struct, frozen=True):
    """What was looked from, how much of it was reached, what only dynamically, and what not at all.

    `entries` are `(kind, name, modules reached)`, one for each application and script and one for all tests.
    """

    entries: tuple[tuple[str, str, int], ...]
    reached: int
    only_dynamically: tuple[str, ...]
    unreached: tuple[Unreached, ...]


def reachability(graph: Graph, entries: Iterable[str], applications: Iterable[str]) -> Reach:
    """How far the entry modules and, for evidence, other applications, scripts and tests reach.

    `entries` are the modules of the application, `applications` all modules that make one.
    """
    inside = {n.name: n for n in graph.nodes if n.role in ("module", "package") and not _shadowed(n)}
    everything = _leads_to(graph, _RUNS)
    static = _leads_to(graph, _RUNS - {"dynamic"})
    starts = {"application": [name for name in entries if name in inside]}
    others = sorted(set(applications) - set(starts["application"]))
    starts["other application"] = [name for name in others if name in inside]
    starts["script"] = sorted(n.name for n in graph.nodes if n.role == "script")
    starts["test"] = sorted(n.name for n in graph.nodes if n.role == "test")
    reached = {kind: _with_parents(names, everything) for kind, names in starts.items()}
    application = reached["application"]
    plainly = _with_parents(starts["application"], static)
    users, named = _users(graph)
    unreached: list[Unreached] = []
    for name, node in sorted(inside.items()):
        if name in application:
            continue
        found = tuple(kind for kind in starts if kind != "application" and name in reached[kind])
        told = tuple(sorted(named.get(name, ())))[:5]
        by = tuple(sorted(users.get(name, ())))
        unreached.append(Unreached(node.path, node.lines, _belief(found, told, by), found, told, by[:5]))
    for node in graph.nodes:
        if _shadowed(node):
            unreached.append(Unreached(node.path, node.lines, "hidden by a package of the same name", (), (), ()))
    dynamic = tuple(sorted(inside[name].path for name in application - plainly if name in inside))
    entries_told = tuple(
        (kind, name, len(_with_parents([name], everything) & inside.keys()))
        for kind, names in starts.items() if kind != "test" for name in names
    )  # fmt: skip
    if starts["test"]:
        entries_told += (("test", f"{len(starts['test'])} test files", len(reached["test"] & inside.keys())),)
    return Reach(entries_told, len(application & inside.keys()), dynamic, tuple(unreached))


def _belief(reached_from: tuple[str, ...], named: tuple[str, ...], users: tuple[str, ...]) -> str:
    for kind in ("other application", "script"):
        if kind in reached_from:
            return f"used by an {kind}" if kind.startswith("o") else f"used by a {kind}"
    if named:
        return "named in a string or config"
    if "test" in reached_from:
        return "only tests"
    return "only other unreached code" if users else "nothing refers to it"


def _leads_to(graph: Graph, kinds: frozenset[str]) -> dict[str, list[str]]:
    leads: dict[str, list[str]] = {}
    for edge in graph.edges:
        if edge.target and edge.kind in kinds:
            leads.setdefault(edge.source, []).append(edge.target)
    for targets in list(leads.values()):
        for target in list(targets):
            targets += parents(target)
    return leads


def _with_parents(starts: Iterable[str], leads: dict[str, list[str]]) -> set[str]:
    names = list(starts)
    return reach([*names, *(parent for name in names for parent in parents(name))], leads)


def _users(graph: Graph) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    users: dict[str, set[str]] = {}
    named: dict[str, set[str]] = {}
    for edge in graph.edges:
        if not edge.target or edge.target == edge.source:
            continue
        if edge.kind in ("string", "config"):
            named.setdefault(edge.target, set()).add(f"{edge.path}:{edge.line}")
        elif edge.kind in _RUNS:
            users.setdefault(edge.target, set()).add(edge.path)
    return users, named


def _shadowed(node: Node) -> bool:
    return node.error.startswith("no import can reach it")
