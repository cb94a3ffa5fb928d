"""What is told of the limits: services with the steps that bring each below, and files with their parts."""

from __future__ import annotations

from msgspec import Struct

PRUNE, MOVE, DIVIDE = "prune", "move", "divide"
"""The kinds of steps of a service, from the least harm to the most."""


class Part(Struct, frozen=True):
    """A service, or a module, that something falls into, and its lines."""

    name: str
    lines: int


class Step(Struct, frozen=True):
    """One step: the lines that leave the service by it, those left then, the command, and what it does.

    `parts` are the services that come to be, where it makes any.
    """

    kind: str
    saves: int
    left: int
    command: str
    what: str
    parts: tuple[Part, ...] = ()


class ServiceFit(Struct, frozen=True):
    """A service with its lines now and after all steps; `hindrance` is what keeps it above, "" where nothing does."""

    context: str
    lines: int
    after: int
    steps: tuple[Step, ...] = ()
    hindrance: str = ""


class FileFit(Struct, frozen=True):
    """A file over its limit, its module and context, its lines now and without dead code, and how it falls apart.

    `why` says why it does not, or not far enough; `divides` whether classes of it are divided for that.
    """

    path: str
    module: str
    context: str
    lines: int
    pruned: int
    parts: tuple[Part, ...] = ()
    why: str = ""
    divides: bool = False


class Fit(Struct, frozen=True):
    """All services and the files over their limit; `missing` say what could not be looked for."""

    services: tuple[ServiceFit, ...]
    files: tuple[FileFit, ...]
    missing: tuple[str, ...] = ()
