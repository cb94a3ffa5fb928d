"""What the rules can know of each file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from decomposer.model.config import CORE, CORE_NAMES, Config
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts
from decomposer.rules.kind import Traits

_WORDS = re.compile(r"[a-z0-9]+")


def below_package(config: Config, path: str) -> str:
    """A Python file's path below the package, wherever the module has gone to; "" for a file of no package."""
    if not path.endswith(".py"):
        return ""
    home = config.home_of(path)
    if home is None:
        root = config.root() + "/"
        return path.removeprefix(root) if path.startswith(root) else ""
    below = home.dotted.partition(".")[2].replace(".", "/")
    return f"{below}/{path.removeprefix(home.folder + '/')}".lstrip("/")


def gone_files(config: Config, paths: Iterable[str]) -> dict[str, str]:
    """The files that have left the monolith, each with the context that it has gone to, or the core."""
    found: dict[str, str] = {}
    services = f"{config.services}/" if config.services != "." else ""
    core = config.service_root(CORE) + "/"
    for path in paths if config.homes else ():
        if config.home_of(path) is not None:
            found[path] = CORE if path.startswith(core) else path.removeprefix(services).partition("/")[0]
    return found


def file_traits(config: Config, graph: Graph, facts: dict[str, PythonFacts]) -> dict[str, Traits]:
    """The traits of every file of the package, by path from the repository."""
    tables: dict[str, list[str]] = {}
    for table in graph.tables:
        tables.setdefault(table.path, []).append(table.name)
    routes: dict[str, list[str]] = {}
    for route in graph.routes:
        routes.setdefault(route.source, []).append(route.path)
    found: dict[str, Traits] = {}
    for node in graph.nodes:
        below = below_package(config, node.path)
        if not below or node.role not in ("module", "package", "test"):
            continue
        told = facts.get(node.path)
        symbols = tuple(d.name for d in told.definitions if "." not in d.name) if told else ()
        found[node.path] = Traits(
            below, node.name.removeprefix(config.package + "."), tuple(tables.get(node.path, ())), symbols,
            tuple(routes.get(node.path, ())), tuple(_WORDS.findall(below.removesuffix(".py").lower())),
            told is not None and _hands_on(config, below, told),
        )  # fmt: skip
    return found


def _hands_on(config: Config, below: str, facts: PythonFacts) -> bool:
    """Whether a file at one of the names of the core does nothing but hand on a module of the core."""
    if below not in {f"{CORE}/{name}.py" for name in CORE_NAMES} or facts.definitions:
        return False
    names = {name for fact in facts.imports for name, _ in fact.names}
    return "sys" in names and any(name.startswith(config.core_package() + ".") for name in names)
