"""What there is to run: which application, on which path, at which port."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from msgspec import Struct

from decomposer.model.problems import DecomposerError, Problem
from decomposer.scaffold.system import System
from decomposer.shell.probing import Target
from decomposer.verifying.places import Places

MONOLITH, NGINX = "monolith", "nginx"


class Part(Struct, frozen=True):
    """An application that is run: its name, how it is booted, the port it would like, and where it says it is well."""

    name: str
    target: Target
    port: int
    live: str


def find_parts(places: Places, system: System, contexts: Collection[str]) -> list[Part]:
    """The monolith, and the services of some contexts, of all where none is named, or once the monolith has ended.

    Raises DecomposerError for a context that has no service.
    """
    serving = {service.context: service for service in system.serving()}
    for context in contexts:
        if context not in serving:
            known = ", ".join(serving) or "none"
            raise DecomposerError(Problem(context, 0, "not-extracted", "has no service yet",
                                          f"extracted: {known}; see decompose extract"))  # fmt: skip
    health = {o.path for o in system.operations if o.method == "GET" and not o.context}
    live = next((path for path in ("/health/live", "/health") if path in health), "/")
    found = [Part(MONOLITH, places.monolith(False), system.monolith.port, live)]
    for context, service in serving.items():
        if not contexts or context in contexts or system.successor is not None:
            found.append(Part(context, places.service(context, False), service.port, service.live))
    return found


def at_ports(system: System, ports: Mapping[str, int]) -> System:
    """The same system with everything that runs at the port where it does."""
    services = tuple(replace(one, port=ports.get(one.context, one.port)) for one in system.services)
    port = ports.get(MONOLITH, system.monolith.port)
    return replace(system, monolith=replace(system.monolith, port=port), services=services)


def with_data(environment: Mapping[str, str], folder: str) -> dict[str, str]:
    """The variables, `{data}` in their values replaced by the folder of the data."""
    return {name: value.replace("{data}", folder) for name, value in environment.items()}
