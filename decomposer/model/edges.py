"""The graph's values: nodes, edges, routes as served and tables, each with the place it was read from."""

from __future__ import annotations

import re

from decomposer.model.facts import Value

IMPORT_KINDS = ("load", "lazy", "typing", "optional")
KINDS = (*IMPORT_KINDS, "dynamic", "string", "config", "call", "route", "table", "test")

_MADE = re.compile(r"at line \d+")
"""What is included without a name has its line for one."""


class Edge(Value, frozen=True):
    """One way in which `source` leans on `target`; `target` is "" when it cannot be resolved.

    `names` are the symbols used, `scope` the function or class in which it happens ("" for the module).
    `reason` and `meant` are only set on unresolved edges: why, and the module that was evidently meant.
    """

    source: str
    target: str
    kind: str
    path: str
    line: int
    names: tuple[str, ...] = ()
    scope: str = ""
    reason: str = ""
    meant: str = ""


class Node(Value, frozen=True):
    """A module, or a file outside the package that refers to it.

    `role` is module, package, test, script or config; `layer` is the first folder below the package.
    Two files can have one dotted name (`agents.py` beside `agents/`): the path tells them apart, and the
    one that no import can reach says so in `error`.
    """

    name: str
    path: str
    role: str
    lines: int
    layer: str = ""
    error: str = ""


class Need(Value, frozen=True):
    """Something of another module without which a module does not work.

    `module` defines it, `via` is the module that is asked for it by `name` ("" for the module itself, "*" for all
    names), `bound` the name that it gets. `kind` is load, lazy, optional or table; `line` and `scope` say where.
    """

    module: str
    via: str
    name: str
    kind: str
    line: int
    scope: str = ""
    bound: str = ""


class Route(Value, frozen=True):
    """One route as it is served: full path, method, the handler and the module that defines it.

    `order` is the position in which the application tries it (the first match answers); `guard` says under
    which condition it exists, "" for always. `entry` is the application that serves it, "" when none does.
    `chain` names the routers it was included through, outermost first, as `module:variable prefix`, the
    prefix being all that comes before the router's own paths, seen from the router that includes it. OpenAPI
    does not show a `hidden` route.
    """

    entry: str
    order: int
    method: str
    path: str
    module: str
    handler: str
    source: str
    line: int
    guard: str = ""
    chain: tuple[str, ...] = ()
    hidden: bool = False

    def served_by(self) -> str:
        """The handler whatever line it stands on: one without a name is called after its line."""
        return _MADE.sub("", self.handler)


class Table(Value, frozen=True):
    """A database table, the module and class that own it, and the tables it refers to."""

    name: str
    module: str
    class_name: str
    path: str
    line: int
    refers_to: tuple[str, ...] = ()


class Graph(Value, frozen=True):
    """All that is known of how the files of a repository lean on each other.

    `external` maps each module's path to the packages it imports from outside: `(path, package, kind)`.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    routes: tuple[Route, ...] = ()
    tables: tuple[Table, ...] = ()
    external: tuple[tuple[str, str, str], ...] = ()
