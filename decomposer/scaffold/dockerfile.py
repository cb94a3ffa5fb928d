"""A service's Dockerfile: built in one stage, run by a user of its own in another, with what it needs and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator

from decomposer.model.problems import Problem
from decomposer.scaffold import monolith_image
from decomposer.scaffold.calls import names
from decomposer.scaffold.image import base_image, dockerfile, installs_packages
from decomposer.scaffold.running import server_options
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """A Dockerfile for each service, to be built from the repository's root, and what it may take from there.

    The monolith's own gains what has left the monolith.
    """
    yield from monolith_image.render(system)
    is_first = not any(image_path(service) in system.paths for service in system.serving())
    if is_first and installs_packages(system) and any(not service.is_core for service in services):
        yield Problem(
            system.monolith.image, 0, "packages-left", "installs packages of the system, which the services' images do "
            "not", "add them to the Dockerfiles of the services that need them", "warning",
        )  # fmt: skip
    for service in services:
        if not service.is_core:
            projects, packages = parts(system, service)
            values = {"mark": MARK, "service": service, "projects": projects, "packages": packages}
            yield Artefact(image_path(service), template(
                "Dockerfile.j2", **values, base=base_image(system), health=health_command(service),
                calls=names(system, service),
                command=json.dumps(["uvicorn", service.application, "--host", "0.0.0.0", "--port", str(service.port),
                                    *server_options(dockerfile(system))]),
            ))  # fmt: skip
            yield Artefact(f"{image_path(service)}.dockerignore", template("dockerignore.j2", **values))


def image_path(service: Service) -> str:
    """Where a service's Dockerfile is."""
    return f"{service.folder}/Dockerfile"


def parts(system: System, service: Service) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The folders of projects that an image installs, the service's the last, and its packages that none builds.

    A package is its folder, or the file of a module, and where that is to be so that the package is found.
    """
    core = system.core
    local = {*service.local, *(core.local if core is not None and service.core else ())}
    built = sorted({one.project for one in local if one.distribution})
    projects = [*built, *([core.folder] if core is not None and service.core else []), service.folder]
    packages = []
    for one in local:
        if not one.distribution:
            place = f"{one.holder}/{one.package}".removeprefix("./")
            ending = ".py" if f"{place}.py" in system.paths else ""
            packages.append((place + ending, one.package + ending))
    return tuple(projects), tuple(sorted(packages))


def health_command(service: Service) -> str:
    """The words, as JSON, of what fails unless the service says that it is well."""
    address = f"http://127.0.0.1:{service.port}{service.live}"
    return json.dumps(["python", "-c", f"from urllib.request import urlopen; urlopen('{address}', timeout=3)"])
