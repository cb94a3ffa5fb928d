"""How services that call each other find each other: names of variables, and the addresses that they have."""

from __future__ import annotations

from decomposer.model.config import Finish
from decomposer.scaffold.system import Service, System

TOKEN = "INTERNAL_TOKEN"
"""The environment variable that has the token by which services know each other."""


def variable(owner: str) -> str:
    """The environment variable that says where an owner is, `AGENT_MANAGEMENT_URL`."""
    return f"{owner.replace('-', '_').upper()}_URL"


def callers(system: System) -> tuple[Service, ...]:
    """The services that call others."""
    return tuple(service for service in system.serving() if service.calls)


def owners(system: System) -> tuple[str, ...]:
    """The contexts that any service calls."""
    return tuple(sorted({owner for service in callers(system) for owner in service.calls}))


def needs_token(system: System, service: Service) -> bool:
    """Whether a service calls others, or is called by them."""
    return bool(service.calls) or service.context in owners(system)


def answers(port: int, is_cut_over: bool, finish: Finish) -> bool:
    """Whether calls of a context go to its service: the monolith does not serve it any more, or has ended."""
    return bool(port) and (is_cut_over or finish.has_ended)


def answering(system: System, owner: str) -> Service | None:
    """The service that answers for a context, None while the monolith does, or stands in for it."""
    return next((one for one in system.serving() if one.context == owner
                 and answers(one.port, one.is_cut_over, system.finish)), None)  # fmt: skip


def address(system: System, owner: str, host: str = "", monolith: str = "", port: int = 0) -> str:
    """Where a context is called: at its service once it is cut over or the monolith has ended, there until then.

    On one machine, unless hosts are given: `host` the service's, `monolith` the monolith's, whose `port` may be another
    one there.
    """
    service = answering(system, owner)
    return url(service.port, host) if service is not None else url(port or system.monolith.port, monolith)


def url(port: int, host: str = "") -> str:
    """The address of a port, on this machine unless a host is given."""
    return f"http://{host or '127.0.0.1'}:{port}"


def addresses(system: System, service: Service) -> tuple[tuple[str, str], ...]:
    """The variables that say where those are that a service calls, on one machine."""
    return tuple((variable(owner), address(system, owner)) for owner in service.calls)


def names(system: System, service: Service) -> tuple[str, ...]:
    """The variables that a service's calls take."""
    token = (TOKEN,) if needs_token(system, service) else ()
    return (*token, *(variable(owner) for owner in service.calls))
