"""A page on each service: what it serves, what it is made of, how it is run, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.scaffold.architecture import page
from decomposer.scaffold.calls import TOKEN, address, needs_token, variable
from decomposer.scaffold.running import source_folders
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template
from decomposer.scaffold.systemd import environment_file, named_variables

FOLDER = "docs/services"


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact]:
    """`docs/services/<service>.md` for each service and the core, and the page on the whole."""
    if system.serving():
        yield page(system, template)
    for service in services:
        elsewhere = {*service.copies, *(path for path, _ in service.clients)}
        owned = [path.removeprefix(f"{service.folder}/") for path in service.modules
                 if path not in elsewhere and not path.endswith("/__init__.py")]  # fmt: skip
        clients = [(owner, path.removeprefix(f"{service.folder}/"), address(system, owner), variable(owner))
                   for path, owner in service.clients]  # fmt: skip
        answering = [(one, one.handler.partition(".")[2] or one.handler) for one in service.operations]
        yield Artefact(f"{FOLDER}/{service.name}.md", template(
            "service.md.j2", mark=MARK, service=service, monolith=system.monolith, modules=owned,
            copies=[path.removeprefix(f"{service.folder}/") for path in service.copies], operations=answering,
            folders=source_folders(system, service), hides=system.monolith.package in service.packages,
            variables=named_variables(system), environment_file=environment_file(system, service),
            clients=clients, token=TOKEN if needs_token(system, service) else "",
        ))  # fmt: skip
