"""Two OpenAPI documents compared by what a change does to clients: on the wire, and in code generated from them.

A request may be what it was and more, an answer what it was and less. Names of schemas, parameters in paths, operation
ids and tags are not on the wire; generated code is called by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from decomposer.checks.openapi import Document, operations, resolve
from decomposer.checks.schemas import Schemas
from decomposer.model.compatibility import NONE, SDK, WIRE, Compatibility, ContractChange

_PARAMETER = re.compile(r"\{[^{}]*\}")
Change = tuple[str, str, str]
"""Where, what is told, and whom it breaks."""


def compatibility(before: Document, after: Document) -> Compatibility:
    """Every change from one document to another, in the order of operations."""
    old = {(method, _PARAMETER.sub("{}", path)): (path, item) for (method, path), item in operations(before).items()}
    new = {(method, _PARAMETER.sub("{}", path)): (path, item) for (method, path), item in operations(after).items()}
    found: list[ContractChange] = []
    for key in sorted(old.keys() | new.keys()):
        name = f"{key[0]} {(old.get(key) or new[key])[0]}"
        if key not in new:
            found.append(ContractChange(name, "", "is gone", WIRE))
        elif key not in old:
            found.append(ContractChange(name, "", "is new", NONE))
        else:
            comparison = _Operation(before, after, *old[key], *new[key])
            found += sorted({ContractChange(name, *change) for change in comparison.changes()})
    return Compatibility(tuple(found))


class _Operation:
    """One operation in both documents."""

    def __init__(self, before: Document, after: Document, old_path: str, old: Any, new_path: str, new: Any) -> None:
        self.before, self.after = before, after
        self.paths, self.old, self.new = (old_path, new_path), old, new
        self.schemas = Schemas(before, after)

    def changes(self) -> Iterator[Change]:
        """All changes of it."""
        if self.paths[0] != self.paths[1]:
            yield "path", f"parameters have other names: {self.paths[1]}", SDK
        if self.old.get("operationId") != self.new.get("operationId"):
            yield "operationId", f"{self.old.get('operationId')} -> {self.new.get('operationId')}", SDK
        if self.old.get("tags", [])[:1] != self.new.get("tags", [])[:1]:
            yield "tags", f"{self.old.get('tags', [])[:1]} -> {self.new.get('tags', [])[:1]}", SDK
        if not self.old.get("deprecated") and self.new.get("deprecated"):
            yield "", "is deprecated", NONE
        yield from self._security()
        yield from self._parameters()
        yield from self._body()
        yield from self._responses()

    def _security(self) -> Iterator[Change]:
        old, new = self._schemes(self.before, self.old), self._schemes(self.after, self.new)
        if old != new:
            lets_all_in = not new or "" in new or (bool(old) and set(new) >= set(old))
            yield "security", f"{_told(old)} -> {_told(new)}", NONE if lets_all_in else WIRE

    def _schemes(self, document: Document, operation: Any) -> list[str]:
        wanted = operation.get("security", document.get("security", []))
        return sorted(" and ".join(sorted(one)) for one in wanted)

    def _parameters(self) -> Iterator[Change]:
        old, new = self._named(self.before, self.old, 0), self._named(self.after, self.new, 1)
        for key in sorted(old.keys() | new.keys()):
            where = f"{key[0]} parameter {key[1]}"
            if key not in new:
                yield where, "is gone: it is passed over", SDK
            elif key not in old:
                is_needed = bool(new[key].get("required"))
                yield where, "is new and required" if is_needed else "is new", WIRE if is_needed else NONE
            else:
                if new[key].get("required") and not old[key].get("required"):
                    yield where, "is required now", WIRE
                yield from self.schemas.written(old[key].get("schema", {}), new[key].get("schema", {}), where)

    def _named(self, document: Document, operation: Any, side: int) -> dict[tuple[str, str], Any]:
        """Parameters by place and name, those of the path by their position."""
        order = re.findall(r"\{([^{}:]*)", self.paths[side])
        found = {}
        for given in (*document.get("paths", {}).get(self.paths[side], {}).get("parameters", ()),
                      *operation.get("parameters", ())):  # fmt: skip
            one = resolve(document, given)
            name = f"#{order.index(one['name']) + 1}" if one["in"] == "path" and one["name"] in order else one["name"]
            found[one["in"], name.lower() if one["in"] == "header" else name] = one
        return found

    def _body(self) -> Iterator[Change]:
        old, new = resolve(self.before, self.old.get("requestBody")), resolve(self.after, self.new.get("requestBody"))
        if old is None and new is not None:
            yield ("body", "is required", WIRE) if new.get("required") else ("body", "may be sent", NONE)
        elif new is None and old is not None:
            yield "body", "is not wanted any more: it is passed over", SDK
        elif old is not None:
            if new.get("required") and not old.get("required"):
                yield "body", "is required now", WIRE
            yield from self._media(old, new, "body", is_given=True)

    def _responses(self) -> Iterator[Change]:
        old, new = self.old.get("responses", {}), self.new.get("responses", {})
        for status in sorted(old.keys() | new.keys()):
            where = f"response {status}"
            if status not in new:
                yield where, "is gone", WIRE if status.startswith("2") else SDK
            elif status not in old:
                yield where, "is new", WIRE if status.startswith("2") else NONE
            else:
                before, after = resolve(self.before, old[status]), resolve(self.after, new[status])
                yield from self._media(before, after, where, is_given=False)
                gone = before.get("headers", {}).keys() - after.get("headers", {}).keys()
                yield from ((where, f"has no header {name} any more", WIRE) for name in sorted(gone))

    def _media(self, old: Mapping[str, Any], new: Mapping[str, Any], where: str, is_given: bool) -> Iterator[Change]:
        before, after = old.get("content", {}), new.get("content", {})
        for kind in sorted(before.keys() | after.keys()):
            if kind not in after:
                yield where, f"is no {kind} any more", WIRE
            elif kind not in before:
                yield where, f"may be {kind}", NONE
            else:
                walk = self.schemas.given if is_given else self.schemas.answered
                yield from walk(before[kind].get("schema", {}), after[kind].get("schema", {}), where)


def _told(schemes: list[str]) -> str:
    return " or ".join(one or "nobody's" for one in schemes) or "open"
