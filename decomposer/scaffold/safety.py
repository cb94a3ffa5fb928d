"""Names and paths that may stand in a configuration: what is not of a known form is refused, never quoted away.

`nginx -t` is no defence: it passes a location `/v1/x { return 200; } location /y`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from decomposer.model.problems import Problem
from decomposer.scaffold.system import System

NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
"""A context, a service, a host."""
FOLDER = re.compile(r"\.|[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
"""A path in the repository."""
APPLICATION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
ROUTE = re.compile(r"(?:[A-Za-z0-9/._~@:+,!-]|\{[A-Za-z_]\w*(?::[a-z]\w*)?\})*", re.ASCII)
"""A route's path with its parameters."""
METHOD = re.compile(r"[A-Z]+(?:-[A-Z]+)*")
ROOT = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
"""A folder on the machine."""
PREFIX = re.compile(r"[a-z0-9_-]*")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
"""A header's name as nginx takes it: it passes over those with `_`."""
RESERVED = re.compile(r"monolith|.*-(?:once|kept)")
"""Names that nginx has another use for: the monolith's upstream, and those for what must not be sent twice."""


def unsafe(system: System) -> Iterator[Problem]:
    """An error for every name, path and route that no configuration may hold."""
    monolith = system.monolith
    named = [(monolith.source, 0, "the monolith's folder", FOLDER, monolith.source or "."),
             (monolith.source, 0, "the monolith's name", NAME, monolith.name),
             (monolith.unit or ".", 0, "the folder in which it is deployed", ROOT, monolith.root),
             (monolith.image or ".", 0, "the path of a Dockerfile", FOLDER, monolith.image or "."),
             (monolith.unit or ".", 0, "what units begin with", PREFIX, monolith.prefix),
             ("decompose.toml", 0, "the header of testers", HEADER, system.deploy.header)]  # fmt: skip
    for service in system.services:
        named.append((service.folder, 0, "a service's folder", FOLDER, service.folder))
        named.append((service.folder, 0, "a context's name", NAME, service.context))
        named += [(service.folder, 0, "the folder of a package", FOLDER, local.holder) for local in service.local]
        if service.application:
            named.append((service.folder, 0, "an application", APPLICATION, service.application))
    for operation in system.operations:
        named.append((operation.source, operation.line, "a route's path", ROUTE, operation.path))
        named.append((operation.source, operation.line, "a route's method", METHOD, operation.method))
    for service in system.services:
        if RESERVED.fullmatch(service.context):
            yield Problem(service.folder, 0, "unsafe-name", f"no context can be called `{service.context}`: nginx has "
                          "another use for that name", "give it another name")  # fmt: skip
    for place, line, what, form, value in named:
        if not form.fullmatch(value):
            yield Problem(place, line, "unsafe-name", f"{what} cannot be written into a configuration: `{value}`",
                          "give it a name of letters, digits, - and _")  # fmt: skip
