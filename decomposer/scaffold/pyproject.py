"""A service's `pyproject.toml`: PEP 621, with the dependencies that its code really imports."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from decomposer.model.problems import Problem
from decomposer.scaffold.running import source_folders
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """The project of each service, and of the core; and a warning for each requirement that is guessed."""
    for service in services:
        folders = [posixpath.relpath(folder, service.folder) for folder in source_folders(system, service)]
        yield Artefact(f"{service.folder}/pyproject.toml",
                       template("pyproject.toml.j2", mark=MARK, service=service, folders=folders))  # fmt: skip
        there = system.text(f"{service.folder}/pyproject.toml")
        if there is None or MARK in there:  # a team's own says what it needs
            yield from _guessed(service)


def _guessed(service: Service) -> Iterator[Problem]:
    """A warning at each import whose distribution nothing tells."""
    project = f"{service.folder}/pyproject.toml"
    for guess in service.guesses:
        told = f"{project} does not require it, for the code does without" if guess.place.is_optional else \
            f"{project} requires `{guess.distribution}`, which is a guess"  # fmt: skip
        yield Problem(
            guess.place.path, guess.place.line, "distribution-guessed",
            f"nothing tells which distribution has `{guess.name}`: {told}",
            "record the baseline before, with an interpreter that has it (decompose verify --baseline --python PATH), "
            "or write the right name there and remove the file's first line", "warning",
        )  # fmt: skip
