"""What the scaffolding of one service is rendered from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from decomposer.model.edges import Route


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A router as the service includes it: module, variable, prefix, and under which condition it was served."""

    module: str
    variable: str
    prefix: str
    guard: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its context, package, routers in the order they are tried, and what it imports from outside."""

    context: str
    description: str
    port: int
    package: str
    inclusions: tuple[Inclusion, ...]
    dependencies: tuple[str, ...]
    local_packages: tuple[str, ...]
    python: str


def inclusions(routes: Iterable[Route], modules: set[str]) -> tuple[Inclusion, ...]:
    """The routers to include so that every route of these modules is served as before, first tried first.

    Of each route, the outermost router on its way that belongs to the context is included, with all the
    prefixes that came before it.
    """
    found: dict[tuple[str, str, str], Inclusion] = {}
    for route in sorted(routes, key=lambda route: route.order):
        module, variable, prefix = _way_in(route, modules)
        if variable:
            guard = " ".join(route.guard.split())
            found.setdefault((module, variable, prefix), Inclusion(module, variable, prefix, guard))
    return tuple(found.values())


def lost_routes(routes: Iterable[Route], modules: set[str]) -> Iterator[tuple[Route, str]]:
    """Each route of these modules that `inclusions` cannot serve as it was, and why."""
    for route in routes:
        if route.module in modules:
            _, variable, prefix = _way_in(route, modules)
            if not variable:
                yield route, "no router that can be imported from the context has it"
            elif prefix and ("{" in prefix.replace("/{", "") or not prefix.startswith("/")):
                yield route, f"its prefix `{prefix}` is computed"


def foreign_routes(routes: Iterable[Route], modules: set[str]) -> Iterator[tuple[Route, str]]:
    """Each route of another module that `inclusions` serves too, and the router that brings it."""
    for route in routes:
        module, variable, _ = _way_in(route, modules)
        if variable and route.module not in modules:
            yield route, f"{module}.{variable}"


def _way_in(route: Route, modules: set[str]) -> tuple[str, str, str]:
    """Module and variable of the outermost router of the context, and the prefix before it; "" when there is none."""
    prefix = ""
    for step in route.chain:
        place, _, given = step.partition(" ")
        module, _, variable = place.partition(":")
        prefix += given
        # A router that a function makes has no name to import it by.
        if module in modules and all(part.isidentifier() for part in variable.split(".")):
            return module, variable, prefix
    return "", "", prefix
