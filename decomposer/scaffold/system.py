"""What everything that is rendered is rendered from: the monolith, its services, and the repository's own files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from decomposer.model.config import Deploy, Finish
from decomposer.model.problems import Problem
from decomposer.scaffold.distributions import Guess

Template = Callable[..., str]
"""A template's name and values make its text."""
MARK = "Rendered by decompose; remove this line to keep the file as you edit it."
"""What the first lines of a rendered file say; a file at that path that does not say so is somebody's own."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What answers one method on one path, as the monolith serves it.

    `order` is the position in which it is tried: the first match answers. `method` is "WEBSOCKET" for a websocket,
    "MOUNT" for an application mounted there. `context` owns it, "" for what the monolith itself answers. `hidden`
    ones are not in OpenAPI. `source` and `line` are where it is defined.
    """

    order: int
    method: str
    path: str
    context: str
    handler: str
    source: str
    line: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Local:
    """A package of the repository that a service imports: the folder that holds it, and the project that builds it.

    `distribution` is the project's name and `project` its folder ("." for the root), both "" where nothing builds it.
    """

    package: str
    holder: str
    distribution: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A service, or the core: where it lies and what it is made of.

    `name` is its distribution, `context` the context or "core"; `folder` is from the repository's root, `application`
    as in `app.main:app`, "" for the core. `packages` are its top packages, `dependencies` what it imports of third
    parties, `local` what of the repository, `modules` the paths of its Python files, `copies` those of them that are
    copies, `tables` those of its own modules, `models` the names of all its modules that declare some. `probes` are
    the paths at which it says that it is well. `core` is the core's distribution, "" where it does not need it.
    `is_cut_over` says that the monolith does not answer for it. `clients` are the modules by which it calls others,
    each with the context that it calls. `guesses` are imports whose distribution nothing tells.
    """

    name: str
    context: str
    description: str
    folder: str
    port: int
    application: str
    packages: tuple[str, ...]
    dependencies: tuple[str, ...]
    local: tuple[Local, ...]
    python: str
    core: str
    operations: tuple[Operation, ...] = ()
    modules: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    is_cut_over: bool = False
    clients: tuple[tuple[str, str], ...] = ()
    guesses: tuple[Guess, ...] = ()

    @property
    def calls(self) -> tuple[str, ...]:
        """The contexts that it calls over HTTP."""
        return tuple(sorted({owner for _, owner in self.clients}))

    @property
    def is_core(self) -> bool:
        """Whether it is the shared core, which serves nothing."""
        return not self.application

    @property
    def guessed(self) -> Mapping[str, str]:
        """The requirements that are guesses, each with the name that is imported."""
        return {guess.distribution: guess.name for guess in self.guesses if not guess.place.is_optional}

    @property
    def is_direct(self) -> bool:
        """Whether it requires something by where that is, not by a version."""
        return any(" @ " in requirement for requirement in self.dependencies)

    @property
    def live(self) -> str:
        """The path that says that the process answers."""
        return next((path for path in ("/health/live", "/health") if path in self.probes), "/health")

    @property
    def ready(self) -> str:
        """The path that says that it can do its work."""
        return "/health/ready" if "/health/ready" in self.probes else self.live

    @property
    def has_metrics(self) -> bool:
        """Whether it counts for Prometheus."""
        return "/metrics" in self.probes


@dataclass(frozen=True, slots=True)
class Monolith:
    """The monolith as it is deployed.

    `name` is its project's, `folder` where that lies ("." for the root), `source` the folder that holds `package`.
    `unit` is the path of its systemd unit and `image` that of its Dockerfile, "" where it has none. `root` is the
    repository's folder where it is deployed, `prefix` what the names of its units begin with.
    """

    name: str
    folder: str
    source: str
    package: str
    application: str
    port: int
    root: str
    prefix: str
    unit: str = ""
    image: str = ""
    has_metrics: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """An OpenAPI document, and the places in it that differ from one start to the next, as `GET /path: pointer`.

    `tried` are the routes in the order in which they are tried: method, path, module and function.
    """

    document: Mapping[str, Any]
    volatile: tuple[str, ...] = ()
    tried: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True)
class System:
    """Everything that is to run.

    `services` are those that have left and the core, the core first; `operations` are all of the monolith's in the
    order in which it tries them. `paths` are all files of the repository, `read` gives the bytes of one, None where
    there is none; `contract` what the monolith promised when the baseline was recorded, None where none was; `finish`
    is how far the monolith has ended.
    """

    monolith: Monolith
    services: tuple[Service, ...]
    operations: tuple[Operation, ...]
    deploy: Deploy
    paths: tuple[str, ...]
    read: Callable[[str], bytes | None]
    contract: Callable[[], Contract | None]
    finish: Finish = field(default_factory=Finish)

    def is_retired(self, target: str) -> bool:
        """Whether what a target of the scaffolding renders does without the monolith."""
        return target in self.finish.retired

    @property
    def rest(self) -> Service | None:
        """The service that answers what is nobody's, None where nobody does."""
        return next((service for service in self.serving() if service.context == self.finish.rest), None)

    @property
    def successor(self) -> Service | None:
        """The service in the monolith's place, where all leads that led there; None while that has not ended."""
        return self.rest if self.finish.has_ended else None

    @cached_property
    def described(self) -> Mapping[tuple[str, str], Operation]:
        """Which route an OpenAPI document describes for a method and a path: the last that is not hidden."""
        return {(one.method, one.path): one for one in self.operations if not one.hidden}

    @property
    def internal(self) -> str:
        """The path below which services call each other, "" where none does."""
        core = self.core
        calls = core is not None and any(path.endswith("/internal_calls.py") for path in core.modules)
        return self.deploy.internal if calls else ""

    def text(self, path: str) -> str | None:
        """A file's text, None where there is none; bytes that are not UTF-8 stay as lone surrogates."""
        content = self.read(path)
        return None if content is None else content.decode("utf-8", "surrogateescape")

    def serving(self) -> tuple[Service, ...]:
        """The services without the core."""
        return tuple(service for service in self.services if not service.is_core)

    @property
    def core(self) -> Service | None:
        """The shared core, None where nothing is shared yet."""
        return next((service for service in self.services if service.is_core), None)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file as it is to be, None where it goes.

    `is_edit` says that it is somebody's file with something put in or taken out, `moved_from` where it was.
    """

    path: str
    text: str | None
    is_edit: bool = False
    moved_from: str = ""


Rendered = Iterable[Artefact | Problem]
Target = Callable[[System, tuple[Service, ...], Template], Rendered]
"""Renders what some of a system's services need; files that all share are rendered for all of them."""
