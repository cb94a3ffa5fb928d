"""A change of a contract breaks everybody, generated code, or nobody: told apart, whatever form it is written in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from decomposer.checks.compatibility import compatibility
from decomposer.model.compatibility import NONE, SDK, WIRE
from tests.cli.test_commands import invoke

ORDER: dict[str, Any] = {
    "type": "object", "title": "Order", "required": ["item"],
    "properties": {"item": {"type": "string"}, "count": {"type": "integer", "minimum": 1, "default": 1},
                   "state": {"enum": ["new", "sent"], "type": "string"},
                   "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                   "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}},
}  # fmt: skip
REF = {"$ref": "#/components/schemas/Order"}
BASE: dict[str, Any] = {
    "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders/{id}": {
        "get": {"operationId": "get", "tags": ["orders"], "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
            {"name": "page", "in": "query", "schema": {"type": "integer"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": REF}}},
                          "404": {"description": ""}}},
        "put": {"operationId": "put", "requestBody": {"content": {"application/json": {"schema": REF}}},
                "security": [{"key": []}], "responses": {"204": {"description": ""}}}}},
    "components": {"schemas": {"Order": ORDER}},
}  # fmt: skip
Edit = Callable[[dict[str, Any]], Any]


def item(document: dict[str, Any], method: str = "get") -> dict[str, Any]:
    """An operation."""
    found: dict[str, Any] = document["paths"]["/orders/{id}"][method]
    return found


def order(document: dict[str, Any], name: str = "") -> dict[str, Any]:
    """The schema, or one of its properties."""
    schema: dict[str, Any] = document["components"]["schemas"]["Order"]
    return schema["properties"][name] if name else schema  # type: ignore[no-any-return]


def split(document: dict[str, Any], method: str) -> dict[str, Any]:
    """A schema of its own for what one method sends or gets, so that the other stays as it is."""
    schemas = document["components"]["schemas"]
    schemas["Own"] = copy.deepcopy(schemas["Order"])
    schemas["Own"]["properties"].pop("parts")
    schemas["Order"]["properties"].pop("parts")
    media = item(document, "put")["requestBody"] if method == "put" else item(document)["responses"]["200"]
    media["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Own"}
    found: dict[str, Any] = schemas["Own"]
    return found


def changed(edit: Edit, before: Edit | None = None) -> set[str]:
    """Whom an edit breaks, seen from the document, or from what another edit makes of it."""
    old, new = copy.deepcopy(BASE), copy.deepcopy(BASE)
    for document in (old, new):
        if before is not None:
            before(document)
    edit(new)
    return {change.breaks for change in compatibility(old, new).changes}


def parameters(document: dict[str, Any], *more: dict[str, Any]) -> None:
    """Adds parameters to the query."""
    item(document)["parameters"] += more


@pytest.mark.parametrize(("edit", "expected"), [
    (lambda d: None, set()),
    (lambda d: d["paths"].pop("/orders/{id}"), {WIRE}),
    (lambda d: d["paths"].update({"/more": {"get": {"responses": {}}}}), {NONE}),
    (lambda d: (item(d)["parameters"][0].update(name="number"),
                d["paths"].update({"/orders/{number}": d["paths"].pop("/orders/{id}")})), {SDK}),
    (lambda d: item(d).update(operationId="fetch"), {SDK}),
    (lambda d: item(d).update(tags=["shop"]), {SDK}),
    (lambda d: item(d).update(deprecated=True), {NONE}),
    (lambda d: item(d).update(security=[{"key": []}]), {WIRE}),
    (lambda d: item(d, "put").update(security=[]), {NONE}),
    (lambda d: item(d, "put").update(security=[{"key": []}, {"token": []}]), {NONE}),
    (lambda d: item(d)["parameters"].pop(), {SDK}),
    (lambda d: parameters(d, {"name": "q", "in": "query", "schema": {}}), {NONE}),
    (lambda d: parameters(d, {"name": "q", "in": "query", "required": True, "schema": {}}), {WIRE}),
    (lambda d: item(d)["parameters"][1].update(required=True), {WIRE}),
    (lambda d: item(d)["parameters"][1].update(schema={"type": "number"}), {SDK}),
    (lambda d: item(d)["parameters"][1].update(schema={"type": "string"}), {SDK}),
    (lambda d: item(d)["parameters"][1].update(schema={"type": "string", "maxLength": 3}), {WIRE, SDK}),
    (lambda d: item(d)["parameters"][0].update(schema={"type": "string"}), {SDK}),
    (lambda d: item(d, "put").pop("requestBody"), {SDK}),
    (lambda d: item(d, "put")["requestBody"].update(required=True), {WIRE}),
    (lambda d: item(d, "put")["requestBody"]["content"].update({"text/csv": {}}), {NONE}),
    (lambda d: item(d, "put")["requestBody"].update(content={"text/csv": {}}), {WIRE, NONE}),
    (lambda d: item(d)["responses"].pop("200"), {WIRE}),
    (lambda d: item(d)["responses"].pop("404"), {SDK}),
    (lambda d: item(d)["responses"].update({"409": {"description": ""}}), {NONE}),
    (lambda d: item(d)["responses"].update({"201": {"description": ""}}), {WIRE}),
])  # fmt: skip
def test_operations(edit: Edit, expected: set[str]) -> None:
    """Paths, parameters, bodies, answers, and what guards them."""
    assert expected == changed(edit)


@pytest.mark.parametrize(("edit", "sent", "got"), [
    (lambda s: s["properties"].pop("count"), {SDK}, {WIRE}),
    (lambda s: s["properties"].update(more={"type": "string"}), {NONE}, {NONE}),
    (lambda s: (s["properties"].update(more={"type": "string"}), s["required"].append("more")), {WIRE}, {NONE}),
    (lambda s: s["required"].append("count"), {WIRE}, {SDK}),
    (lambda s: s["required"].clear(), {SDK}, {WIRE}),
    (lambda s: s["properties"]["item"].update(type="integer"), {WIRE, SDK}, {WIRE, SDK}),
    (lambda s: s["properties"]["count"].update(type="number"), {SDK}, {WIRE}),
    (lambda s: s["properties"]["count"].update(minimum=2), {WIRE}, {SDK}),
    (lambda s: s["properties"]["count"].update(minimum=0), {SDK}, {WIRE}),
    (lambda s: s["properties"]["count"].update(maximum=9), {WIRE}, {SDK}),
    (lambda s: s["properties"]["count"].update(default=2), {WIRE}, {NONE}),
    (lambda s: s["properties"]["state"]["enum"].append("lost"), {SDK}, {WIRE}),
    (lambda s: s["properties"]["state"]["enum"].pop(), {WIRE}, {SDK}),
    (lambda s: s["properties"]["state"].pop("enum"), {SDK}, {WIRE}),
    (lambda s: s["properties"]["note"].update(anyOf=[{"type": "string"}]), {WIRE}, {SDK}),
    (lambda s: s["properties"].update(note={"type": ["string", "null"]}), set(), set()),
    (lambda s: s["properties"].update(note={"type": "string", "nullable": True}), set(), set()),
    (lambda s: s["properties"]["item"].update(format="uuid"), {WIRE}, {SDK}),
    (lambda s: s["properties"]["item"].update(title="Item", description="what"), set(), set()),
    (lambda s: s.update(additionalProperties=False), {WIRE}, {SDK}),
    (lambda s: s["properties"].update(item={"anyOf": [{"type": "string"}, {"type": "integer"}]}), {SDK}, {WIRE}),
])  # fmt: skip
def test_schemas(edit: Edit, sent: set[str], got: set[str]) -> None:
    """What clients send may become more, and what they get less."""
    for method, expected in (("put", sent), ("get", got)):
        found = changed(lambda d: edit(d["components"]["schemas"]["Own"]), lambda d, m=method: split(d, m))  # type: ignore[misc]
        assert expected == found, method


def test_schemas_may_be_called_otherwise() -> None:
    """That is on no wire; and a schema that contains itself is compared once."""
    def rename(document: dict[str, Any]) -> None:
        text = json.dumps(document).replace("schemas/Order", "schemas/Purchase").replace('"Order":', '"Purchase":')
        document.clear()
        document.update(json.loads(text))

    assert {SDK} == changed(rename)


def test_the_command(tmp_path: Path) -> None:
    """Both verdicts, the worst first; the exit code is about the wire, unless it is asked about generated code."""
    after = copy.deepcopy(BASE)
    item(after).update(operationId="fetch")
    for name, document in (("a", BASE), ("b", after), ("c", {"openapi": "3.1.0", "paths": {}})):
        (tmp_path / name).write_text(json.dumps(document))
    (tmp_path / "d").write_text("[]")
    a, b, c, d = (str(tmp_path / name) for name in "abcd")
    code, told, _ = invoke("contract", "diff", a, b)
    assert (0, True, True) == (code, "wire-compatible: yes" in told, "SDK-compatible: no" in told)
    assert 1 == invoke("contract", "diff", a, b, "--sdk")[0]
    code, told, _ = invoke("contract", "diff", a, c, "--format", "json")
    document = json.loads(told)
    assert (1, False, {WIRE}) == (code, document["wire_compatible"], {one["breaks"] for one in document["changes"]})
    assert [2, 2] == [invoke("contract", "diff", a, other)[0] for other in (d, str(tmp_path / "gone"))]
    assert "nothing has changed" in invoke("contract", "diff", a, a)[1]
