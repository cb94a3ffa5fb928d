"""A service's `pyproject.toml`: PEP 621, with the dependencies that its code really imports."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from decomposer.scaffold.running import source_folders
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact]:
    """The project of each service, and of the core."""
    for service in services:
        folders = [posixpath.relpath(folder, service.folder) for folder in source_folders(system, service)]
        yield Artefact(f"{service.folder}/pyproject.toml",
                       template("pyproject.toml.j2", mark=MARK, service=service, folders=folders))  # fmt: skip
