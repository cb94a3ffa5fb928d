"""A service's `main.py`: its routers in the order and under the prefixes of the monolith, and its health."""

from __future__ import annotations

from collections.abc import Callable

from decomposer.scaffold.service import Service


def render(service: Service, template: Callable[..., str]) -> tuple[str, str]:
    """The path below the service's folder, and the module's text."""
    imports = sorted({(i.module, i.variable.partition(".")[0], i.alias()) for i in service.inclusions})
    text = template("main.py.j2", service=service, imports=imports)
    return f"src/{service.package}/main.py", text
