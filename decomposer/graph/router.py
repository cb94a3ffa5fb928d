"""A router or application while it is being filled, as FastAPI would fill it."""

from __future__ import annotations

from msgspec import Struct, structs

from decomposer.graph.symbols import Symbol
from decomposer.model.edges import Route
from decomposer.model.facts import RouteEvent
from decomposer.syntax.routes import HIDDEN

APPLICATIONS = frozenset({"FastAPI", "Starlette"})
FRAMEWORK = (("openapi_url", "/openapi.json"), ("docs_url", "/docs"), ("docs_url", "/docs/oauth2-redirect"),
             ("redoc_url", "/redoc"))  # fmt: skip
"""What FastAPI serves by itself, unless the keyword is None."""


class Router(Struct):
    """Its routes in the order in which they are tried, with the paths they have seen from here.

    `module` and `name` are where it can be imported from; one made in a function has no name.
    """

    module: str
    name: str
    prefix: str
    is_application: bool
    lifespan: Symbol | None = None
    hidden: bool = False
    routes: list[Route] = []

    def add_framework_routes(self, source: str, line: int, off: frozenset[str]) -> None:
        """FastAPI's own documentation, without what is switched off."""
        if "openapi_url" not in off:
            for keyword, path in FRAMEWORK:
                if keyword not in off:
                    self._append(Route("", 0, "GET", path, "fastapi", keyword, source, line))

    def add(self, event: RouteEvent, path: str, module: str, source: str, guard: str) -> None:
        """The routes of a decorator or `add_api_route`: one for each method."""
        hidden = self.hidden or HIDDEN in event.args
        for method in event.methods:
            self._append(Route(
                "", 0, method, self.prefix + path, module, event.value, source, event.line, guard, hidden=hidden
            ))  # fmt: skip

    def include(self, other: Router, prefix: str, guard: str, hidden: bool) -> None:
        """Every route that the other one has by now."""
        base = self.prefix + prefix
        step = f"{other.module}:{other.name} {base}".rstrip()
        for route in list(other.routes):
            self._append(structs.replace(
                route, path=base + route.path, guard=" and ".join(filter(None, (guard, route.guard))),
                chain=(step, *route.chain), hidden=self.hidden or hidden or route.hidden,
            ))  # fmt: skip

    def mount(self, event: RouteEvent, path: str, module: str, source: str, guard: str) -> None:
        """Something that answers for itself below a path."""
        self._append(Route("", 0, "MOUNT", self.prefix + path, module, event.value, source, event.line, guard))

    def _append(self, route: Route) -> None:
        self.routes.append(structs.replace(route, order=len(self.routes)))
