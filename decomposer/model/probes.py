"""What a probe saw of running code, and the baseline that later probes are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

Operation = tuple[str, str]
"""A method and the full path, as in `("GET", "/v1/jobs/{id}")`; the method of a websocket is "WEBSOCKET"."""


class ServedRoute(Struct, frozen=True):
    """One route as the application tries it.

    `endpoint` is a qualified name in `module`; `code` is a digest of what the function does that survives a move of
    its module, "" where its source cannot be had. `dependencies` are the calls of all its dependencies, flattened.
    """

    kind: str
    methods: tuple[str, ...]
    path: str
    endpoint: str
    module: str = ""
    file: str = ""
    code: str = ""
    dependencies: tuple[str, ...] = ()
    hidden: bool = False

    def operations(self) -> tuple[Operation, ...]:
        """What it answers, one for each method."""
        if self.kind == "http":
            return tuple((method, self.path) for method in self.methods)
        return ((self.kind.upper(), self.path),)

    def handler(self) -> str:
        """The function that answers, by names that do not change when the package above its module does."""
        return f"{self.module.rpartition('.')[2]}:{self.endpoint}"


class Middleware(Struct, frozen=True):
    """A middleware: its class, and the names of its options."""

    name: str
    options: tuple[str, ...] = ()


class SeenTable(Struct, frozen=True):
    """A table as SQLAlchemy knows it: `(name, type, nullable, primary key)` of each column, and foreign keys."""

    name: str
    columns: tuple[tuple[str, str, bool, bool], ...] = ()
    foreign_keys: tuple[str, ...] = ()


class Probe(Struct, frozen=True):
    """One look at a running application.

    `imports` are `(module, error, place)`, the error "" where it imports. `files` and `importers` tell of each loaded
    module of the repository its file, and the line that first imported it. `refused` are `(name, place)` of imports
    that nothing declared provides. `undeclared` are those inside functions too, with a `?` before names that nobody can
    judge. `starts` are what runs at the start and the end, as `lifespan name`. `providers` are the
    distributions that have what can be imported, by name, where that was asked. `ended` says why there is nothing
    more: a crash, the time limit.
    """

    python: str = ""
    ended: str = ""
    place: str = ""
    boot_error: str = ""
    boot_place: str = ""
    imports: tuple[tuple[str, str, str], ...] = ()
    openapi: Mapping[str, Any] = {}
    routes: tuple[ServedRoute, ...] = ()
    middleware: tuple[Middleware, ...] = ()
    handlers: Mapping[str, str] = {}
    starts: tuple[str, ...] | None = None
    tables: tuple[SeenTable, ...] = ()
    table_errors: tuple[str, ...] = ()
    mappers_error: str = ""
    all_mappers_error: str = ""
    tasks: tuple[str, ...] = ()
    files: Mapping[str, str] = {}
    importers: Mapping[str, str] = {}
    refused: tuple[tuple[str, str], ...] = ()
    undeclared: tuple[tuple[str, str], ...] = ()
    requirements: tuple[str, ...] = ()
    installed: Mapping[str, str] = {}
    providers: Mapping[str, tuple[str, ...]] = {}

    def failed(self) -> str:
        """Why the application does not boot, with the place; "" when it does."""
        why, place = (self.ended, self.place) if self.ended else (self.boot_error, self.boot_place)
        return f"{place}: {why}" if why and place else why


class Tests(Struct, frozen=True):
    """The tests of some folders: the outcome of each by its id, and why there are none where they did not run."""

    folders: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()
    error: str = ""


class Unresolved(Struct, frozen=True, order=True):
    """A reference that was understood and leads nowhere."""

    path: str
    line: int
    kind: str
    names: tuple[str, ...]
    reason: str = ""

    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What stays of it when its file moves and dotted names are respelled."""
        return self.path.rpartition("/")[2], self.kind, tuple(name.rpartition(".")[2] for name in self.names)


class Told(Struct, frozen=True):
    """How the code was run: the interpreter, more folders on the path, the folder, and the names of variables."""

    python: str = ""
    path: tuple[str, ...] = ()
    cwd: str = ""
    variables: tuple[str, ...] = ()


class Baseline(Struct, frozen=True):
    """The monolith before the first step, or what was taken for it: `left` are what had left it by then.

    `excluded` are places in its OpenAPI document, as `GET /path: pointer`, that differ from one start to the next.
    `owners` tell the context of each route, by `(method, path, handler)`.
    """

    version: int
    made: str
    entry: str
    probe: Probe
    excluded: tuple[str, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    owners: tuple[tuple[str, str, str, str], ...] = ()
    tests: Tests | None = None
    startup: bool = False
    told: Told = Told()
    left: tuple[str, ...] = ()
