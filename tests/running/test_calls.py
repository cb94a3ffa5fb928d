"""Requests, whose they are, and what they take from earlier answers: from values."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from decomposer.model.problems import DecomposerError
from decomposer.running.calls import Call, generate, in_order
from decomposer.running.comparing import Answer
from decomposer.running.linking import Known, Link, known_of, linked, links
from decomposer.running.owning import Owners
from tests.scaffold.systems import operations

JSON = (("content-type", "application/json"),)
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "notes", "version": "1"},
    "paths": {
        "/v1/notes": {
            "get": {"responses": {"200": {"description": "all"}}},
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": {
                    "type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"],
                    "additionalProperties": False,
                }}}},
                "responses": {"201": {"description": "made"}},
            },
        },
        "/v1/notes/{note_id}": {
            "parameters": [{"name": "note_id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"responses": {"200": {"description": "one"}}},
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/v1/broken": {"get": {"parameters": [{"$ref": "#/nowhere"}], "responses": {}}},
    },
}  # fmt: skip


def test_the_same_seed_makes_the_same_requests() -> None:
    """What is generated depends on the document and the seed; creating comes first, reading again last."""
    calls, notes = generate(DOCUMENT, 3, 7)
    assert (calls, notes) == generate(DOCUMENT, 3, 7)
    assert calls != generate(DOCUMENT, 3, 8)[0]
    assert ["POST /v1/notes", "GET /v1/notes", "GET /v1/notes/{note_id}", "DELETE /v1/notes/{note_id}",
            "GET /v1/notes", "GET /v1/notes/{note_id}"] == list(_runs(calls))  # fmt: skip
    posts = [call for call in calls if call.method == "POST"]
    assert all("text" in json.loads(call.body or b"") for call in posts[:-1])
    assert b"[]" == posts[-1].body
    assert 1 == len(notes)
    assert notes[0].startswith("GET /v1/broken: no request could be made")


def _runs(calls: list[Call]) -> list[str]:
    """The operations in order, each run of one told once."""
    found = [calls[0].operation]
    for before, call in pairwise(calls):
        if (before.operation, before.again) != (call.operation, call.again):
            found.append(call.operation)
    return found


def test_no_document() -> None:
    """What is no OpenAPI document is an error, not a success of nothing."""
    with pytest.raises(DecomposerError, match="no requests can be made"):
        generate({"title": "no"}, 1, 1)


def test_the_order() -> None:
    """Collections before what is in them, changes before reads, removing last; one read of each in the end."""
    words = ("DELETE /a/{x}", "GET /a/{x}", "GET /a/{x}", "GET /a", "PUT /a/{x}", "POST /a/{x}/b", "POST /a")
    calls = [Call(*word.split(" "), number) for number, word in enumerate(words)]  # type: ignore[misc]
    assert [6, 5, 4, 3, 1, 2, 0, 3, 1] == [call.number for call in in_order(calls)]


def test_owners() -> None:
    """The first route that matches has the request; where none takes the method, the first that has the path."""
    owners = Owners(operations("notes GET /v1/notes/all", "tags GET /v1/notes/{name}", "- POST /v1/notes/{id:int}",
                               "files GET /v1/files/{path:path}", "admin MOUNT /admin", "later GET /v1/later"),
                    ("notes", "tags", "files", "admin"))  # fmt: skip
    assert "notes" == owners.of("GET", "/v1/notes/all")
    assert "tags" == owners.of("GET", "/v1/notes/x")
    assert "" == owners.of("POST", "/v1/notes/7")
    assert "tags" == owners.of("DELETE", "/v1/notes/7")
    assert "files" == owners.of("GET", "/v1/files/a/b")
    assert "admin" == owners.of("POST", "/admin/users")
    assert "" == owners.of("GET", "/v1/later")  # which has not left
    assert "" == owners.of("GET", "/v2")


def test_known_values() -> None:
    """Of an answer of 2xx ids and names are known, by their place; of a refusal nothing."""
    value = {"id": "n1", "text": "x", "owner": {"userId": 7}, "tags": [{"slug": "a"}], "done": True}
    made = Answer(201, JSON, json.dumps(value).encode())
    assert [
        Known(3, "/v1/notes", "id", ("id",)),
        Known(3, "/v1/notes", "user_id", ("owner", "userId")),
        Known(3, "/v1/notes", "slug", ("tags", 0, "slug")),
    ] == known_of(3, Call("POST", "/v1/notes"), made)
    assert [] == known_of(3, Call("POST", "/v1/notes"), Answer(404, JSON, made.body))


def test_links() -> None:
    """A parameter takes the id of its collection, else a value of its name; every third request stays as it was."""
    known = [Known(0, "/v1/users", "id", ("id",)), Known(1, "/v1/notes", "id", ("id",)),
             Known(2, "/v1/login", "tag_name", ("tag_name",))]  # fmt: skip
    get = Call("GET", "/v1/notes/{note_id}/tags/{tag_name}", 0)
    assert (Link("path", "note_id", 1, ("id",)), Link("path", "tag_name", 2, ("tag_name",))) == links(get, known)
    assert () == links(Call("GET", "/v1/notes/{note_id}", 2), known)
    assert (Link("path", "user_id", 0, ("id",)),) == links(Call("GET", "/v1/reports/{user_id}"), known)
    post = Call("POST", "/v1/shares", headers=JSON, body=b'{"user_id": "x", "text": "y"}')
    assert (Link("body", "user_id", 0, ("id",)),) == links(post, known)


def test_linked_requests() -> None:
    """Each side's request has that side's values; what an answer does not have stays as it was generated."""
    call = Call("PUT", "/v1/notes/{note_id}", parameters={"note_id": "0"}, headers=JSON, body=b'{"user_id": "x"}')
    given = (Link("path", "note_id", 0, ("id",)), Link("body", "user_id", 0, ("by", "id")))
    answers = [Answer(201, JSON, b'{"id": "a/b", "by": {"id": 7}}')]
    assert ("/v1/notes/a%2Fb", b'{"user_id": 7}') == linked(call, given, answers)
    assert ("/v1/notes/0", b'{"user_id": "x"}') == linked(call, given, [Answer(500, JSON, b"{}")])
