"""A service's `pyproject.toml`: PEP 621, with the dependencies that its code really imports."""

from __future__ import annotations

from collections.abc import Callable

from decomposer.scaffold.service import Service


def render(service: Service, template: Callable[..., str]) -> tuple[str, str]:
    """The path below the service's folder, and the file's text."""
    return "pyproject.toml", template("pyproject.toml.j2", service=service)
