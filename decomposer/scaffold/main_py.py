"""A service's `main.py`: its routers in the order and under the prefixes of the monolith, and its health."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from decomposer.scaffold.service import Inclusion, Service

_TAKEN = ("FastAPI", "app", "health")


def render(service: Service, template: Callable[..., str]) -> tuple[str, str]:
    """The path below the service's folder, and the module's text."""
    aliases = _aliases(service.inclusions)
    imports = sorted((module, name, alias) for (module, name), alias in aliases.items())
    included = [(_expression(inclusion, aliases), inclusion) for inclusion in service.inclusions]
    text = template("main.py.j2", service=service, imports=imports, included=included)
    return f"src/{service.package}/main.py", text


def _aliases(inclusions: Sequence[Inclusion]) -> dict[tuple[str, str], str]:
    """A name of its own in main.py for everything that is imported, by module and name there."""
    found: dict[tuple[str, str], str] = {}
    for inclusion in inclusions:
        name = inclusion.variable.partition(".")[0]
        plain = "_".join([*inclusion.module.split(".")[1:], name])
        number, alias = 1, plain
        while alias in (*_TAKEN, *found.values()) and (inclusion.module, name) not in found:
            number += 1
            alias = f"{plain}_{number}"
        found.setdefault((inclusion.module, name), alias)
    return found


def _expression(inclusion: Inclusion, aliases: dict[tuple[str, str], str]) -> str:
    name, dot, rest = inclusion.variable.partition(".")
    return f"{aliases[inclusion.module, name]}{dot}{rest}"
