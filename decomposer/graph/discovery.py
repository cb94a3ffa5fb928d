"""Where the monolith lies and which applications it makes, found from facts when nobody says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from decomposer.graph.modules import Modules
from decomposer.graph.serving import Serving
from decomposer.graph.symbols import Symbols
from decomposer.model.facts import PythonFacts


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
    modules = Modules(source, package, facts, facts)
    serving = Serving(Symbols(modules))
    names = {
        (module, event.target)
        for module, path in modules.path_of.items()
        for event in facts[path].routes
        if not event.scope and event.target.isidentifier() and event.action in ("router", "call", "alias")
    }
    found = [
        (count, f"{module}:{attribute}")
        for module, attribute in names
        if (count := serving.application_size(module, attribute)) is not None
    ]
    best = {name: rank for rank, name in enumerate(("main", "app", "asgi", "server", "__main__"))}
    return sorted(found, key=lambda f: (-f[0], best.get(f[1].partition(":")[0].rpartition(".")[2], 9), f[1]))
