"""The locations send every request to whom the monolith's own routes give it, and no fewer would do."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute

from decomposer.scaffold.nginx.choosing import EXACT, PREFIX, Chooser, Location
from decomposer.scaffold.nginx.locations import locations
from decomposer.scaffold.nginx.placing import candidates, holds
from decomposer.scaffold.nginx.route_table import Node, table, witness
from decomposer.scaffold.system import Operation
from tests.scaffold.systems import operations

LEFT = {"one", "two"}
VALUES = ("a", "ab", "abc", "b", "me", "7", "7x", "a-b")
"""What paths are made of that are asked for: what routes name, and what begins with it."""


def found(*lines: str, left: set[str] = LEFT) -> list[str]:
    """The locations of a table, each as in `= /v1/a one`."""
    told = []
    for one in locations(operations(*lines), left):
        assert one.answer is not None
        methods = "".join(f" {method}:{owner or '-'}" for method, owner in one.answer.methods)
        told.append(f"{one.kind} {one.text} {one.answer.owner or '-'}{methods}"
                    f"{' websocket' if one.takes_websockets else ''}".strip())  # fmt: skip
    return told


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (["one GET /v1/a", "one GET /v1/a/{id}", "- GET /health"], ["/v1/a one"]),
        (["one GET /v1/a/x", "one GET /v1/a/y"], ["/v1/a/ one"]),
        (["one GET /v1/a", "three GET /v1/b"], ["/v1/a one"]),  # what has not left stays where it is
        (["one GET /v1/a/{id}", "two GET /v1/a/{id}/pay", "two POST /v1/a/{id}/pay/now"],
         ["/v1/a/ one", "~ ^/v1/a/[^/]+/pay(/|$) two"]),
        (["one GET /v1/a/me", "two GET /v1/a/{id}"], ["/v1/a/ two", "~ ^/v1/a/me/?$ one"]),
        (["two GET /v1/a/{id}", "one GET /v1/a/me"], ["/v1/a/ two"]),  # it is never reached
        (["two GET /v1/a/{n:int}", "one GET /v1/a/{id}"], ["/v1/a/ one", "~ ^/v1/a/[0-9]+/?$ two"]),
        (["one GET /v1/a", "two POST /v1/a"], ["/v1/a one POST:two"]),
        (["one WEBSOCKET /v1/a/live", "one GET /v1/a/{id}"], ["/v1/a/ one websocket"]),
        (["one GET /v1/a", "two WEBSOCKET /v1/a"], ["/v1/a one WEBSOCKET:two websocket"]),
        (["one MOUNT /static", "- GET /"], ["/static one websocket"]),
        (["one GET /files/{rest:path}", "two GET /files/index"], ["/files one"]),
        (["one GET /v1/a", "two GET /v1/ab"], ["/v1/a one", "/v1/ab two"]),
        (["one GET /v1/a", "- GET /v1/ab"], ["~ ^/v1/a/?$ one"]),
        (["one GET /v1/a", "one GET /v1/a/b", "- GET /v1/ab"], ["~ ^/v1/a(/|$) one"]),
        (["one GET /v1/a", "- GET /metrics"], ["/v1/a one"]),  # what is the monolith's own is not opened to others
        (["one GET /v1/{id:float}.json", "- GET /v1/a", "- GET /v1/b"], ["~ ^/v1/[0-9]+(?:\\.[0-9]+)?\\.json/?$ one"]),
        (["one GET /v1/{p:path}/meta", "two GET /v1/x"], ["~ ^/v1/.*/meta$ one", "~ ^/v1/x$ two"]),
    ],
)  # fmt: skip
def test_what_is_found(routes: list[str], expected: list[str]) -> None:
    """By value."""
    assert expected == found(*routes)


def as_starlette(operation: Operation) -> BaseRoute:
    """The route as Starlette has it."""
    if operation.method == "MOUNT":
        return Mount(operation.path, routes=[])
    if operation.method == "WEBSOCKET":
        return WebSocketRoute(operation.path, _nothing)
    return Route(operation.path, _nothing, methods=[operation.method])


async def _nothing(_: object) -> None:
    """Is never called."""


def owners_by_starlette(routes: Sequence[tuple[Operation, BaseRoute]], method: str, path: str) -> set[str]:
    """Whose a request is, as Starlette's router goes about it: nobody's where the path is not known.

    The redirect to a path with, or without, a slash at its end is the same whoever of those that know it gives it.
    """
    def matches(path: str) -> list[tuple[Operation, Match]]:
        kind = "websocket" if method == "WEBSOCKET" else "http"
        scope = {"type": kind, "method": method, "path": path, "headers": []}
        return [(operation, match) for operation, route in routes
                if (match := route.matches(scope)[0]) is not Match.NONE]  # fmt: skip

    here = matches(path)
    named = [operation for operation, match in here if match is Match.FULL] or [operation for operation, _ in here]
    named = named[:1]
    if not here and path != "/" and method != "WEBSOCKET":
        named = [operation for operation, _ in matches(path.rstrip("/") if path.endswith("/") else path + "/")]
    return {operation.context if operation.context in LEFT else "" for operation in named}


PARTS = st.sampled_from(["a", "ab", "b", "me", "{x}", "{n:int}"])
PATHS = st.builds(
    lambda parts, end: "/" + "/".join(parts) + end, st.lists(PARTS, min_size=1, max_size=4),
    st.sampled_from(["", "", "", "", "", "/", "/{rest:path}"]),
)  # fmt: skip
METHODS = st.sampled_from(["GET", "GET", "GET", "POST", "DELETE", "WEBSOCKET", "MOUNT"])
OWNERS = st.sampled_from(["one", "one", "two", "two", "-", "three"])


@st.composite
def tables(draw: st.DrawFn, paths: st.SearchStrategy[str] = PATHS, methods: st.SearchStrategy[str] = METHODS
           ) -> tuple[Operation, ...]:  # fmt: skip
    """Route tables; parameters have names of their own."""
    lines = []
    for owner, method, path in draw(st.lists(st.tuples(OWNERS, methods, paths), min_size=1, max_size=9)):
        if method == "MOUNT":
            path = path.removesuffix("/{rest:path}").removesuffix("/")
            assume("{" not in path)
        names = (f"p{number}" for number in itertools.count())
        pieces = [part.replace("{x", "{" + next(names)).replace("{n", "{" + next(names)) for part in path.split("/")]
        lines.append(f"{owner} {method} {'/'.join(pieces)}")
    return operations(*lines)


ASKED = st.lists(
    st.builds(lambda parts, end: "/" + "/".join(parts) + end, st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
              st.sampled_from(["", "", "/"])), min_size=60, max_size=60, unique=True,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tables(), ASKED)
def test_every_request_goes_to_its_owner(routes: tuple[Operation, ...], asked: list[str]) -> None:
    """Whatever the routes are, as Starlette itself matches them: for paths of theirs and others, and any method."""
    chooser = Chooser(locations(routes, LEFT))
    known = [(operation, as_starlette(operation)) for operation in routes]
    own = [re.sub(r"\{p\d+:int\}", "7", one.path).replace("{rest:path}", "b/me") for one in routes]
    own = [re.sub(r"\{p\d+\}", value, path) for path in own for value in ("me", "abc")]
    for path in (*own, *(path + "/" for path in own if not path.endswith("/")), *asked):
        chosen = chooser.choose(path)
        for method in ("GET", "POST", "PUT", "WEBSOCKET"):
            owners = owners_by_starlette(known, method, path)
            if owners:
                assert ("" if chosen is None or chosen.answer is None else chosen.answer.of(method)) in owners, path
                if method == "WEBSOCKET" and owners != {""}:
                    assert chosen is not None and chosen.takes_websockets, path


PLAIN = st.builds(lambda parts: "/" + "/".join(parts), st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1,
                                                                max_size=3))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tables(PLAIN, st.just("GET")))
def test_no_smaller_set_would_do(routes: tuple[Operation, ...]) -> None:
    """Of exact locations and prefixes, for routes without parameters: all smaller sets are tried."""
    root = table(routes, LEFT)
    asked = [(node, witness(node.path)) for node in root.all() if node.own is not None]
    candidates = [*_exact(root), *_prefixes(root)]
    size = len(locations(routes, LEFT))
    assume(size <= 3 and len(candidates) <= 24)
    for smaller in range(size):
        for some in itertools.combinations(candidates, smaller):
            chooser = Chooser(some)
            right = all(holds(None if (one := chooser.choose(path)) is None else one.answer, node.own)
                        for node, path in asked)  # fmt: skip
            assert not right, some


def _exact(root: Node) -> list[Location]:
    return [Location(EXACT, witness(node.path), node.own) for node in root.all() if node.own is not None]


def _prefixes(root: Node) -> list[Location]:
    """All prefixes that end with a segment, each for whom the rest there may be."""
    made = []
    nodes = [node for node in root.all() if node.path and node.text != "/" and not node.text.endswith("/")]
    for node in nodes:
        made += [Location(PREFIX, node.text, answer) for answer in candidates(node)]
        made += [Location(PREFIX, node.text + "/", answer) for answer in candidates(node, below=True)]
    return made
