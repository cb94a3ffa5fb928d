"""A service's contract: its part of the monolith's OpenAPI document, and a test that fails when the service drifts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.model.problems import Problem
from decomposer.scaffold.system import MARK, Artefact, Contract, Operation, Service, System, Template

_METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"})


def render(system: System, services: tuple[Service, ...], template: Template) -> Iterator[Artefact | Problem]:
    """`openapi.json` and `tests/test_contract.py` of each service; a warning where there is no baseline."""
    serving = [service for service in services if not service.is_core]
    recorded = system.contract() if serving else None
    if recorded is None:
        if serving:  # told once, however many there are
            yield Problem(
                ".decompose/baseline.json", 0, "no-contract", "there is no baseline, so no openapi.json of what "
                "services promise, nor anything to verify with", "decompose verify --baseline, before the first step",
                "warning",
            )  # fmt: skip
        return
    for service in serving:
        document, absent = part_of(recorded, service, system.described)
        if absent:
            first = min(absent, key=lambda operation: operation.order)
            more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
            yield Problem(
                first.source, first.line, "contract-partial", f"{first.method} {first.path}{more}: the recorded "
                f"document does not describe this route, so the contract of {service.name} leaves it out",
                severity="warning",
            )  # fmt: skip
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        yield Artefact(f"{service.folder}/openapi.json", text)
        module, _, attribute = service.application.partition(":")
        left_out = sorted({f"{operation.method} {operation.path}" for operation in absent})
        test = template("test_contract.py.j2", mark=MARK, module=module, attribute=attribute, absent=left_out)
        yield Artefact(f"{service.folder}/tests/test_contract.py", test)


def part_of(
    recorded: Contract, service: Service, described: Mapping[tuple[str, str], Operation]
) -> tuple[dict[str, Any], list[Operation]]:
    """The document with a service's operations alone and what they refer to, and those that it does not describe.

    Of two routes with one method and path it describes one, as `described` says, which another context may own.
    """
    document = recorded.document
    own = frozenset(service.operations)
    kept: dict[str, dict[str, Any]] = {}
    absent: list[Operation] = []
    for operation in service.operations:
        if operation.hidden or operation.method not in _METHODS:
            continue
        item = document.get("paths", {}).get(operation.path, {})
        method = operation.method.lower()
        if method in item and described[operation.method, operation.path] in own:
            kept.setdefault(operation.path, {key: value for key, value in item.items() if key.upper() not in _METHODS})
            kept[operation.path][method] = item[method]
        else:
            absent.append(operation)
    paths = {path: kept[path] for path in document.get("paths", {}) if path in kept}
    shown = [value for item in paths.values() for value in item.values() if isinstance(value, dict)]
    tags = {tag for value in shown for tag in value.get("tags", ())}
    found = {key: value for key, value in document.items() if key not in ("paths", "components", "tags", "webhooks")}
    info = document.get("info", {})
    found["info"] = {**info, "title": f"{info.get('title', '')}: {service.name}"}
    found["paths"] = paths
    components = _components(document, paths)
    if components:
        found["components"] = components
    listed = [tag for tag in document.get("tags", ()) if tag.get("name") in tags]
    if listed:
        found["tags"] = listed
    names = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    volatile = [place for place in recorded.volatile if place.partition(": ")[0] in names]
    if volatile:
        found["x-volatile"] = volatile
    return found, absent


def _components(document: Mapping[str, Any], paths: Mapping[str, Any]) -> dict[str, Any]:
    """The components that some paths refer to, in the document's order, and what those refer to."""
    every = document.get("components", {})
    wanted: set[tuple[str, str]] = set()
    queue: list[Any] = [paths]
    while queue:
        value = queue.pop()
        if isinstance(value, dict):
            for name in {name for item in _listed(value.get("security")) for name in item}:
                queue.append(f"#/components/securitySchemes/{name}")
            queue += value.values()
        elif isinstance(value, list):
            queue += value
        elif isinstance(value, str) and value.startswith("#/components/"):
            kind, _, name = value.removeprefix("#/components/").partition("/")
            key = kind, name.replace("~1", "/").replace("~0", "~")
            if key not in wanted and key[1] in every.get(kind, {}):
                wanted.add(key)
                queue.append(every[kind][key[1]])
    kinds = {kind: {name: value for name, value in named.items() if (kind, name) in wanted}
             for kind, named in every.items()}  # fmt: skip
    return {kind: named for kind, named in kinds.items() if named}


def _listed(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
