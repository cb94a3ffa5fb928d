"""A workflow for each service and for the core: it runs when something changes that they are made of."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator

from decomposer.model.problems import Problem
from decomposer.scaffold.calls import TOKEN, names
from decomposer.scaffold.dockerfile import image_path, parts
from decomposer.scaffold.image import python_version
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template
from decomposer.scaffold.workflows_there import FOLDERS, Workflows, find_workflows, testing_requirements

_ANY, _NOWHERE = "test-${{ github.run_id }}", "http://127.0.0.1:9"
"""A token that nobody else knows, and an address at which nothing answers."""


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """The workflow of each service in the folder that has the repository's own.

    A warning for each workflow of the monolith's that changes in what has left do not start.
    """
    yield from _not_started(system, services)
    there = find_workflows(system)
    needed = [shlex.quote(one) for one in testing_requirements(system)]
    for service in services:
        path = workflow_path(there, service)
        projects, packages = parts(system, service)
        places = (*projects, *(place for place, _ in packages))
        holders = sorted({posixpath.dirname(folder) or "." for folder, _ in packages})
        yield Artefact(path, template(
            "workflow.yml.j2", mark=MARK, service=service, there=there, python=python_version(system),
            paths=[*(place if place.endswith(".py") else f"{place}/**" for place in places), path],
            needed=needed, installed=" ".join(f"-e ./{project}" for project in projects), boot=_boot(service),
            holders=":".join(holders), image="" if service.is_core else image_path(service),
            calls=[(name, _ANY if name == TOKEN else _NOWHERE) for name in names(system, service)],
        ))  # fmt: skip


def _not_started(system: System, services: tuple[Service, ...]) -> Iterator[Problem]:
    """A warning for each workflow that is started by changes in the monolith's folder, and not by those in these."""
    for path in system.paths:
        text = (system.text(path) or "") if path.rpartition("/")[0] in FOLDERS else ""
        paths = re.search(r"^\s+paths:", text, re.MULTILINE)
        if paths is None or MARK in text or f"{system.monolith.folder}/" not in text[paths.start():]:
            continue
        missing = [one.folder for one in services if f"{one.folder}/" not in text and not one.is_cut_over]
        if missing:
            wanted = ", ".join(f'"{folder}/**"' for folder in missing)
            yield Problem(
                path, text[: paths.start()].count("\n") + 1, "not-started", f"changes in {', '.join(missing)}, where "
                "the monolith has modules now, do not start it", f"add {wanted} to its paths", "warning",
            )  # fmt: skip


def workflow_path(there: Workflows, service: Service) -> str:
    """Where a service's workflow is."""
    return f"{there.folder}/{service.name}.yml"


def _boot(service: Service) -> str:
    """A program that fails unless the service, or the core, can be loaded."""
    if service.is_core:
        return (f"import pkgutil, {service.packages[0]} as core; [__import__(found.name) for found in "
                "pkgutil.walk_packages(core.__path__, core.__name__ + '.')]")  # fmt: skip
    module, _, attribute = service.application.partition(":")
    return f"from {module} import {attribute} as app; print(len(app.openapi()['paths']), 'paths')"
