"""A workflow for each service and for the core: it runs when something changes that they are made of."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from decomposer.scaffold.dockerfile import image_path, parts
from decomposer.scaffold.image import python_version
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template
from decomposer.scaffold.workflows_there import Workflows, find_workflows, testing_requirements


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact]:
    """The workflow of each service in the folder that has the repository's own."""
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
        ))  # fmt: skip


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
