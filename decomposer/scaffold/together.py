"""Tests of the services together, as clients and each other find them, once it is settled who answers the rest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from decomposer.model.config import INTERNAL
from decomposer.scaffold.calls import TOKEN, variable
from decomposer.scaffold.system import MARK, Artefact, Service, System, Template

GATEWAY = "GATEWAY_URL"
"""The environment variable that says where nginx is."""
_FOLDER, _NAME = "between-services", "test_between_services.py"
_PARAMETER = re.compile(r"\{\w+(?::(\w+))?\}")
_FORMS = {"int": "0", "float": "0.0", "uuid": "00000000-0000-0000-0000-000000000000"}


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact]:
    """`between-services/test_between_services.py` beside the services: each is ready, and reached through nginx."""
    if system.rest is None or not services:
        return
    serving = system.serving()
    yield Artefact(place(system), template(
        "test_between_services.py.j2", mark=MARK, gateway=GATEWAY, token=TOKEN, internal=system.internal,
        command=f"decompose up --run 'pytest {posixpath.dirname(place(system))}'",
        services=[(one.context, variable(one.context), one.ready) for one in serving],
        asked=sorted({(one.context, path) for one in serving for path in _read(system, one)}),
        owners=[one.context for one in serving
                if any(f"/{INTERNAL}/{one.context.replace('-', '_')}.py" in path for path in one.modules)],
    ))  # fmt: skip


def place(system: System) -> str:
    """Where the tests lie: beside the services."""
    above = {posixpath.dirname(service.folder) for service in system.serving()}
    return posixpath.normpath(f"{min(above)}/{_FOLDER}/{_NAME}")


def _read(system: System, service: Service) -> Iterator[str]:
    """A path for each operation of a service that only reads, and that no other one answers before it."""
    reading = sorted((one for one in system.operations if one.method == "GET"), key=lambda one: one.order)
    forms = [(re.compile(_form(one.path)), one) for one in reading]
    for operation in service.operations:
        if operation.method == "GET" and not operation.hidden:
            path = _PARAMETER.sub(lambda found: _FORMS.get(found[1] or "", "0-0"), operation.path)
            first = next((one for form, one in forms if form.fullmatch(path)), operation)
            if first in service.operations:
                yield path


def _form(path: str) -> str:
    """A regular expression of all paths that a route matches."""
    literal = re.split(_PARAMETER, path)[::2]
    kinds = [".+" if found[1] == "path" else "[^/]+" for found in _PARAMETER.finditer(path)]
    return "".join(re.escape(text) + kind for text, kind in zip(literal, [*kinds, ""], strict=True))
