"""What operations take and answer is what a service's contract promises, as far as the text of their models tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.checks.compatibility import compatibility
from decomposer.checks.openapi import operations
from decomposer.extracting.alone import alone
from decomposer.gating.scene import Scene
from decomposer.model.compatibility import WIRE, ContractChange
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem
from decomposer.planning.described import Describing, Place
from decomposer.scaffold.system import Service

_WHOM = {"wire": "it breaks everybody who calls it", "sdk": "it breaks code that was generated",
         "none": "it breaks nobody"}  # fmt: skip


def changed(scene: Scene, service: Service, path: str, document: Mapping[str, Any]) -> Iterator[Finding]:
    """An error for each change of a model that breaks who calls the service, a warning for each other one."""
    tree = alone(scene.tree, service.context)
    told = Describing(tree.code, tree.calling.types, tree.read, document)
    promised, places = operations(document), dict[str, Place]()
    for one in service.operations:
        if (one.method, one.path) in promised:
            place = told.tell(one.method, one.path, one.source, one.handler.rpartition(":")[2].rpartition(".")[2])
            if place is not None:
                places.setdefault(f"{one.method} {one.path}", place)
    grouped: dict[tuple[Place, str, str, str], list[ContractChange]] = {}
    for change in compatibility(document, told.after).changes:
        place = _place(told, change) or places.get(change.operation, (path, 0))
        what = change.where.rpartition(".")[2] if "." in change.where else change.where
        grouped.setdefault((place, what, change.told, change.breaks), []).append(change)
    for (place, _, said, breaks), changes in grouped.items():
        first, more = changes[0], f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        problem = Problem(
            *place, "contract-changed", f"{first.operation}{more}: {first.where} {said}, unlike in {path}: "
            f"{_WHOM[breaks]}", "serve what is promised, or let the contract say it", "error" if breaks == WIRE
            else "warning",
        )  # fmt: skip
        yield Finding("contract", problem, f"{service.context}:{first.operation} {first.where}: {said}")


def _place(told: Describing, change: ContractChange) -> Place | None:
    """Where the model stands that has changed."""
    method, _, path = change.operation.partition(" ")
    operation = told.after["paths"].get(path, {}).get(method.lower(), {})
    kind, _, rest = change.where.partition(" ")
    if kind.startswith("body"):
        described, steps = operation.get("requestBody", {}), change.where.removeprefix("body")
    elif kind == "response":
        described, steps = operation.get("responses", {}).get(rest[:3], {}), rest[3:]
    else:
        return None
    schema = described.get("content", {}).get("application/json", {}).get("schema", {})
    return told.place(schema, steps)
