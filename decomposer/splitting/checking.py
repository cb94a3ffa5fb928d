"""What a split would break, looked for before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import zip_longest

from msgspec import Struct

from decomposer.changeset import Write
from decomposer.facts.python import Remembered
from decomposer.graph.link import link
from decomposer.model.config import Config
from decomposer.model.edges import Graph, Route
from decomposer.model.facts import PythonFacts, TextFacts
from decomposer.model.moves import MovePlan
from decomposer.model.problems import Problem
from decomposer.moving.result import Result
from decomposer.moving.situation import Situation


class Repository(Struct, frozen=True):
    """A repository as it is read: its facts by path, the paths of all Python files, and what gives a file's bytes."""

    config: Config
    python: Mapping[str, PythonFacts]
    texts: Mapping[str, TextFacts]
    paths: tuple[str, ...]
    read: Callable[[str], bytes | None]
    mode: Callable[[str], str]


class After(Struct, frozen=True):
    """What a repository would be: its facts by path, its graph, and what would be worse than before."""

    python: dict[str, PythonFacts]
    graph: Graph
    problems: tuple[Problem, ...]


def look_after(before: Repository, graph: Graph, path: str, writes: list[Write]) -> After:
    """The repository with parts of the file at a path written; `graph` is the one that it has now."""
    config, facts = before.config, Remembered()
    parts = {write.path: path for write in writes if before.read(write.path) is None}
    plan = MovePlan((), config.source, config.package, config.source, config.package, {}, (), homes=config.homes,
                    parts=parts)  # fmt: skip
    situation = Situation(plan, "", False, before.python, before.texts, before.paths, before.read, before.mode)
    problems = Result(situation, facts).look(writes)
    python = dict(before.python)
    for write in writes:
        if write.path.endswith(".py") and write.content is not None:
            python[write.path] = facts(write.content)
            if python[write.path].error:
                told = python[write.path]
                problems.append(Problem(write.path, told.error_line, "not-understood", f"would be {told.error}"))
    after, _ = link(config, python, before.texts)
    if not problems:
        problems += _unresolved(graph, after)
    problems += _routes(config, graph.routes, after.routes)
    problems += _tables(config, graph, after)
    return After(python, after, tuple(sorted(problems)))


def _unresolved(before: Graph, after: Graph) -> Iterator[Problem]:
    """References of any kind that lead nowhere and did not before, wherever they stood."""
    was = {(edge.kind, name) for edge in before.edges if not edge.target for name in (edge.names or ("",))}
    for edge in after.edges:
        if not edge.target and any((edge.kind, name) not in was for name in (edge.names or ("",))):
            yield Problem(edge.path, edge.line, "unresolved", f"would no longer resolve: {edge.reason}")


def _routes(config: Config, before: Iterable[Route], after: Iterable[Route]) -> Iterator[Problem]:
    old, new = (
        [(route.entry, route.order, f"{route.method} {route.path}", route.served_by(), route.guard) for route in routes]
        for routes in (before, after)
    )
    if old != new:
        differs = next((one for one, other in zip_longest(old, new) if one != other and one), new[-1])
        yield Problem(config.root(), 0, "routes-change", "other routes would be served, or in another order, from "
                      f"{differs[2]} on: {len(old)} before, {len(new)} after")  # fmt: skip


def _tables(config: Config, before: Graph, after: Graph) -> Iterator[Problem]:
    old, new = (Counter((table.name, table.class_name) for table in graph.tables) for graph in (before, after))
    for name, class_name in sorted((old - new) + (new - old)):
        yield Problem(config.root(), 0, "tables-change", f"the table `{name}` of `{class_name}` would not be the same")
