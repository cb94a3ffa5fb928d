"""Where the monolith lies and which applications it makes, found from facts when nobody says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from decomposer.graph.modules import Modules
from decomposer.graph.serving import Serving
from decomposer.graph.symbols import Symbols
from decomposer.model.facts import PythonFacts

_FACTORY = re.compile(r"(^|_)(app|application|api|asgi|server)($|_)")


def package_of(path: str, paths: frozenset[str]) -> tuple[str, str] | None:
    """The source folder and top package of a file, by its `__init__.py` files; None for a lone script.

    A folder without `__init__.py` counts as the top package when it holds packages: `app/main.py` beside
    `app/routers/__init__.py`.
    """
    folder = path.rpartition("/")[0]
    if not folder:
        return None
    if f"{folder}/__init__.py" not in paths:
        below = f"{folder}/"
        if not any(p.startswith(below) and p.endswith("/__init__.py") for p in paths):
            return None
    while True:
        parent = folder.rpartition("/")[0]
        if not parent or f"{parent}/__init__.py" not in paths:
            break
        folder = parent
    source, _, package = folder.rpartition("/")
    # `src/__init__.py` is a frequent mistake: nobody imports the package as `src.app`.
    if package == "src" and not path.startswith(f"{folder}/main.py"):
        inner = path[len(folder) + 1 :].partition("/")[0]
        if f"{folder}/{inner}/__init__.py" in paths:
            return folder, inner
    return (source, package) if package.isidentifier() else None


def candidates(makers: Iterable[str], paths: Iterable[str]) -> list[tuple[int, str, str]]:
    """`(modules, source, package)` of every package with a file that makes an application, largest first."""
    everything = frozenset(paths)
    found: dict[tuple[str, str], int] = {}
    for path in makers:
        place = package_of(path, everything)
        if place is not None and place not in found:
            prefix = "/".join(filter(None, place)) + "/"
            found[place] = sum(1 for p in everything if p.startswith(prefix) and p.endswith(".py"))
    return sorted(((count, *place) for place, count in found.items()), key=lambda c: (-c[0], c[1], c[2]))


def applications(source: str, package: str, facts: Mapping[str, PythonFacts]) -> list[tuple[int, str]]:
    """`(routes, module:attribute)` of every application a package makes, the one with most routes first."""
    symbols = Symbols(Modules(source, package, facts, facts))
    events = [(module, event) for module, path in symbols.modules.path_of.items() for event in facts[path].routes]
    variables = {
        (module, event.target)
        for module, event in events
        if not event.scope and event.target.isidentifier() and event.action in ("router", "call", "alias")
    }
    factories = {
        (module, event.scope)
        for module, event in events
        if event.action == "return" and "." not in event.scope and _FACTORY.search(event.scope)
    }
    shared = Serving(symbols)
    found: list[tuple[int, bool, str]] = []
    for module, name in variables | factories:
        is_factory = (module, name) not in variables
        # Calling a factory fills routers; each call gets a world of its own, as each process would have.
        count = (Serving(symbols) if is_factory else shared).application_size(module, name)
        if count is not None:
            found.append((count, is_factory, f"{module}:{name}"))
    best = {name: rank for rank, name in enumerate(("main", "app", "asgi", "server", "__main__"))}
    found.sort(key=lambda f: (-f[0], f[1], best.get(f[2].partition(":")[0].rpartition(".")[2], 9), f[2]))
    return [(count, entry) for count, _, entry in found]
