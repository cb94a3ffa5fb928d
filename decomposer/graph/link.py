"""All facts linked: the nodes, edges, routes and tables of one repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from decomposer.graph.belonging import Belonging
from decomposer.graph.imports import ImportLinker
from decomposer.graph.modules import Modules
from decomposer.graph.references import ReferenceLinker
from decomposer.graph.serving import Serving
from decomposer.graph.symbols import Symbols
from decomposer.graph.tables import link_tables
from decomposer.model.config import CLIENTS, Config
from decomposer.model.edges import Edge, Graph, Node
from decomposer.model.facts import PythonFacts, TextFacts
from decomposer.model.problems import Problem


def link(
    config: Config, python: Mapping[str, PythonFacts], texts: Mapping[str, TextFacts]
) -> tuple[Graph, list[Problem]]:
    """The graph of a package and of every file around it that refers to it, and what was not understood.

    `python` and `texts` are the facts by path from the repository.
    """
    source = config.source
    modules = Modules(source, config.package, python, python, config.homes)
    belonging = Belonging(config, [*python, *texts])
    symbols = Symbols(modules)
    imports, references = ImportLinker(symbols), ReferenceLinker(symbols)
    nodes: list[Node] = []
    edges: list[Edge] = []
    external: dict[tuple[str, str, str], None] = {}
    for path in sorted(python):
        facts = python[path]
        if f"/{CLIENTS}/" in path:
            continue  # what stands in for modules of others: no module of the monolith, and rendered
        inside = path in modules.name_of
        if not inside and not belonging.counts(
            path, (*(t.value for t in facts.texts), path), (fact.module for fact in facts.imports)
        ):
            continue
        name = modules.name_of.get(path) or outside_name(path, source)
        found: list[Edge] = []
        for fact in facts.imports:
            found += imports.edges(name, path, fact)
            if inside and not fact.level and not modules.is_ours(fact.module):
                external[path, fact.module.partition(".")[0], fact.kind] = None
        found += references.calls(name, path, facts)
        found += references.strings(name, path, facts)
        found += references.dynamics(name, path, facts)
        role = _role(path, inside)
        if not inside and not any(edge.target for edge in found):
            continue
        if role == "test":
            found += _touched(name, path, found)
        edges += found
        nodes.append(_node(modules, path, name, role, facts))
    for path in sorted(texts):
        tokens = [token for token, _ in texts[path].tokens]
        if not belonging.counts(path, tokens, tokens):
            continue
        mentioned = list(references.configs(path, texts[path]))
        if mentioned:
            edges += mentioned
            nodes.append(Node(path, path, "config", texts[path].lines))
    tables, table_edges = link_tables(modules)
    serving = Serving(symbols)
    routes = serving.routes(config.entries)
    edges += table_edges
    edges += serving.edges
    graph = Graph(tuple(nodes), tuple(edges), tuple(routes), tuple(tables), tuple(sorted(external)))
    return graph, serving.problems


def outside_name(path: str, source: str) -> str:
    """The dotted name of a Python file outside the package, from its path below the package's project."""
    project = PurePosixPath(source).parent if PurePosixPath(source).name == "src" else PurePosixPath(source)
    prefix = "" if str(project) == "." else f"{project}/"
    below = path[len(prefix) :] if prefix and path.startswith(prefix) else path
    return below.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def is_test(path: str) -> bool:
    """Whether a path is a test by pytest's usual names."""
    parts = path.split("/")
    name = parts[-1]
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py" or (
        "tests" in parts[:-1] or "test" in parts[:-1]
    )  # fmt: skip


def _role(path: str, inside: bool) -> str:
    if is_test(path):
        return "test"
    if not inside:
        return "script"
    return "package" if path.endswith("/__init__.py") else "module"


def _node(modules: Modules, path: str, name: str, role: str, facts: PythonFacts) -> Node:
    layer = ""
    error = facts.error
    if path in modules.name_of:
        parts = name.split(".")
        is_folder = path.endswith("/__init__.py") or len(parts) > 2
        layer = parts[1] if len(parts) > 1 and is_folder else ""
    if path in modules.shadowed:
        error = f"no import can reach it: `{modules.shadowed[path]}` has the same name"
    return Node(name, path, role, facts.lines, layer, error)


def _touched(name: str, path: str, found: Iterable[Edge]) -> list[Edge]:
    """One `test` edge for each module a test touches, at the first line that does."""
    first: dict[str, Edge] = {}
    for edge in found:
        if edge.target and (edge.target not in first or edge.line < first[edge.target].line):
            first[edge.target] = edge
    return [Edge(name, target, "test", path, edge.line, edge.names) for target, edge in first.items()]
