"""What the rules can know of each file."""

from __future__ import annotations

import re

from decomposer.model.config import Config
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts
from decomposer.rules.kind import Traits

_WORDS = re.compile(r"[a-z0-9]+")


def file_traits(config: Config, graph: Graph, facts: dict[str, PythonFacts]) -> dict[str, Traits]:
    """The traits of every file of the package, by path from the repository."""
    tables: dict[str, list[str]] = {}
    for table in graph.tables:
        tables.setdefault(table.path, []).append(table.name)
    routes: dict[str, list[str]] = {}
    for route in graph.routes:
        routes.setdefault(route.source, []).append(route.path)
    found: dict[str, Traits] = {}
    prefix = config.root() + "/"
    for node in graph.nodes:
        if not node.path.startswith(prefix) or not node.path.endswith(".py"):
            continue
        below = node.path[len(prefix) :]
        told = facts.get(node.path)
        symbols = tuple(d.name for d in told.definitions if "." not in d.name) if told else ()
        found[node.path] = Traits(
            below, node.name.removeprefix(config.package + "."), tuple(tables.get(node.path, ())), symbols,
            tuple(routes.get(node.path, ())), tuple(_WORDS.findall(below.removesuffix(".py").lower())),
        )  # fmt: skip
    return found
