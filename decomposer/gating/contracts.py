"""Every service serves what its `openapi.json` promises, and calls others as they are, as far as the code tells."""

from __future__ import annotations

import json
from collections.abc import Iterator

from decomposer.extracting.calls_drift import drift
from decomposer.gating.scene import Scene
from decomposer.gating.schemas import changed
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem
from decomposer.scaffold.system import Service

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"})


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each operation that is promised and not served, or whose models break who calls it.

    A warning for each that is served besides, and for changes of models that break nobody, or generated code only. An
    error, too, for everything that is called of another service and is not what was agreed.
    """
    for service in scene.system.serving():
        path = f"{service.folder}/openapi.json"
        content = scene.tree.read(path)
        if content is not None:
            yield from _of(scene, service, path, content)
    for context, problem in drift(scene.tree, scene.template) if scene.template is not None else ():
        yield Finding("contract", problem, f"{context}:{problem.message}")


def _of(scene: Scene, service: Service, path: str, content: bytes) -> Iterator[Finding]:
    try:
        document = json.loads(content)
        promised = {(method.upper(), route) for route, item in document["paths"].items() for method in item
                    if method.upper() in _METHODS}  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = Problem(path, 0, "contract-unread", "cannot be read as an OpenAPI document",
                          f"decompose scaffold contract {service.context}")  # fmt: skip
        yield Finding("contract", problem, service.context)
        return
    served = {(one.method, one.path): one for one in service.operations}
    for method, route in sorted(promised - served.keys()):
        problem = Problem(path, 0, "operation-lost", f"{method} {route} is promised, and {service.context} does not "
                          "serve it", "serve it, or say in the contract that it is gone")  # fmt: skip
        yield Finding("contract", problem, f"{service.context}:{method} {route}")
    yield from changed(scene, service, path, document)
    for key in sorted(served.keys() - promised):
        one = served[key]
        if one.method in _METHODS and scene.system.described.get(key) in service.operations:
            problem = Problem(one.source, one.line, "operation-gained", f"{one.method} {one.path} is not in {path}",
                              "describe it there, or do not serve it: a test of its fails", "warning")  # fmt: skip
            yield Finding("contract", problem, f"{service.context}:{one.method} {one.path}")
