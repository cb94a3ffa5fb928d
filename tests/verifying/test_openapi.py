"""Two OpenAPI documents are compared by what they promise."""

from __future__ import annotations

from typing import Any

from decomposer.checks.openapi import operation_differences, other_differences, unstable_places

OPERATION = ("GET", "/jobs")


def document(reference: str, **schemas: Any) -> dict[str, Any]:
    """A document with one operation that answers with a schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{reference}"}}}
    return {"info": {"title": "t"}, "paths": {"/jobs": {"get": {"responses": {"200": {"content": content}}}}},
            "components": {"schemas": schemas}}  # fmt: skip


def node(name: str, kind: str = "integer") -> dict[str, Any]:
    """A schema that refers to itself."""
    return {"type": "object", "properties": {"id": {"type": kind}, "next": {"$ref": f"#/components/schemas/{name}"}}}


def test_names_of_schemas_do_not_count() -> None:
    """A schema under another name is the same promise, recursive ones too."""
    assert [] == operation_differences(document("A", A=node("A")), document("B", B=node("B")), OPERATION)


def test_a_difference_has_its_place() -> None:
    """A change behind a reference is found, at the place where it is reached first."""
    at = "/responses/200/content/application~1json/schema"
    before, after = document("A", A=node("A")), document("B", B=node("B", "string"))
    assert [f"{at}/properties/id/type integer -> string"] == operation_differences(before, after, OPERATION)
    (told,) = operation_differences(document("A"), before, OPERATION)
    assert told.startswith(f"{at} (nothing at #/components/schemas/A) -> {{'type': 'object'")


def test_unrolled_recursion_is_the_same() -> None:
    """A schema and its unrolled form promise the same, however often it is unrolled."""
    unrolled = node("A")
    unrolled["properties"]["next"] = node("B")
    assert [] == operation_differences(document("A", A=node("A")), document("B", B=unrolled, A=node("A")), OPERATION)


def test_presence_and_the_rest() -> None:
    """A lost operation is told as absent; title and version count on their own."""
    here, gone = document("A", A=node("A")), {"info": {"title": "other"}, "paths": {}}
    assert ["(absent)"] == operation_differences(here, gone, OPERATION)
    assert ["(new)"] == operation_differences(gone, here, OPERATION)
    assert ["/info/title t -> other"] == other_differences(here, gone)


def test_discriminators_and_security() -> None:
    """Names inside a discriminator's mapping are references; a security scheme is followed by its name."""
    mapping = {"discriminator": {"mapping": {"a": "#/components/schemas/A"}}}
    other = {"discriminator": {"mapping": {"a": "#/components/schemas/Z"}}}
    before, after = document("U", U=mapping, A=node("A")), document("U", U=other, Z=node("Z"))
    assert [] == operation_differences(before, after, OPERATION)
    for made, kind in ((before, "http"), (after, "oauth2")):
        made["paths"]["/jobs"]["get"]["security"] = [{"S": []}]
        made["components"]["securitySchemes"] = {"S": {"type": kind}}
    assert ["/securitySchemes/S/type http -> oauth2"] == operation_differences(before, after, OPERATION)


def test_what_varies_is_named() -> None:
    """Places that differ between two starts are listed by operation, without what stands there."""
    first, second = node("A"), node("A")
    first["properties"]["id"]["default"], second["properties"]["id"]["default"] = "10:00", "10:01"
    at = "GET /jobs: /responses/200/content/application~1json/schema/properties/id/default"
    assert (at,) == unstable_places(document("A", A=first), document("A", A=second))
