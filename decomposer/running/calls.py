"""Requests: generated from an OpenAPI document, the same for the same seed, in an order in which they can build."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem

_METHODS = ("POST", "PUT", "PATCH", "GET", "HEAD", "OPTIONS", "TRACE", "DELETE")
_OWN_HEADERS = frozenset({
    "user-agent", "accept-encoding", "accept", "connection", "content-length", "host", "x-schemathesis-testcaseid",
})  # fmt: skip
"""Headers of a request that its sender sets, or a generator puts in for itself."""
_BOUNDARY = re.compile(r"boundary=\"?([\w'()+,./:=?-]+)")
_UNFIT = re.compile(r"%00|/\.{1,2}(?:/|$)|//|[\x00-\x20\x7f]", re.IGNORECASE)
"""What a proxy refuses or rewrites in a path, whoever stands behind it."""


class Call(Struct, frozen=True):
    """A request: `template` is its path as in OpenAPI, `parameters` those of the path, quoted.

    `number` tells the examples of an operation apart; `again` that it reads once more what was written meanwhile.
    """

    method: str
    template: str
    number: int = 0
    parameters: Mapping[str, str] = {}
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    again: bool = False

    @property
    def operation(self) -> str:
        """Its method and path as in OpenAPI."""
        return f"{self.method} {self.template}"

    def path(self, parameters: Mapping[str, str] | None = None) -> str:
        """The path that is asked for, with other parameters where some are given; without the query."""
        values = {**self.parameters, **(parameters or {})}
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: values.get(match[1], match[0]), self.template)


def generate(document: Mapping[str, Any], examples: int, seed: int) -> tuple[list[Call], list[str]]:
    """So many valid requests of each operation, one with a wrong body where it takes one; and what had none.

    Raises DecomposerError where schemathesis is not installed, or makes nothing of the document.
    """
    try:
        import schemathesis
        from hypothesis.errors import HypothesisException
        from schemathesis.core.errors import SchemathesisError
        from schemathesis.core.result import Err
    except ImportError:
        raise DecomposerError(Problem("smoke", 0, "no-schemathesis", "schemathesis is not installed, which makes the "
                                      "requests", "pip install 'decomposer[smoke]'")) from None  # fmt: skip
    try:
        schema = schemathesis.openapi.from_dict(dict(document))
        results = list(schema.get_all_operations())
    except SchemathesisError as error:
        raise DecomposerError(Problem("openapi.json", 0, "no-requests", f"no requests can be made of it: {error}")) \
            from None  # fmt: skip
    calls: list[Call] = []
    notes: list[str] = []
    for result in results:
        if isinstance(result, Err):
            failed = result.err()
            notes.append(f"{failed.label}: no request could be made: {_first_line(failed)}")
            continue
        operation = result.ok()
        try:
            found = _examples(operation, examples, seed)
        except (SchemathesisError, HypothesisException) as error:
            notes.append(f"{operation.label}: no request could be made: {_first_line(error)}")
            continue
        if not found:
            notes.append(f"{operation.label}: no request could be made that a proxy passes as it is")
        calls += found
    return in_order(calls), notes


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _examples(operation: Any, examples: int, seed: int) -> list[Call]:
    import warnings

    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    cases: list[Any] = []

    @seeded(seed)
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy())
    def collect(case: Any) -> None:
        cases.append(case)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collect()
    found: list[Call] = []
    for case in cases:
        call = _call(case, len(found))
        if call not in (replace(other, number=call.number) for other in found) and not _UNFIT.search(call.path()):
            found.append(call)
    with_body = next((call for call in found if _is_json(call)), None)
    if with_body is not None:
        found.append(replace(with_body, body=b"[]", number=len(found)))
    return found


def _call(case: Any, number: int) -> Call:
    """A generated case as it is sent."""
    import requests

    words = case.as_transport_kwargs(base_url="http://localhost")
    words.pop("hooks", None)
    made = requests.Request(**words).prepare()
    body = _bytes(made.body)
    headers = tuple((name.lower(), _text(value)) for name, value in sorted(made.headers.items())
                    if name.lower() not in _OWN_HEADERS)  # fmt: skip
    kind = dict(headers).get("content-type", "")
    boundary = _BOUNDARY.search(kind) if kind.startswith("multipart/") else None
    if boundary and body is not None:  # a random one
        body = body.replace(boundary[1].encode(), b"smoke-boundary")
        kind = kind.replace(boundary[1], "smoke-boundary")
        headers = tuple((name, kind if name == "content-type" else value) for name, value in headers)
    parameters = {name: str(value) for name, value in (case.path_parameters or {}).items()}
    query = urlsplit(made.url or "").query
    return Call(made.method or case.method, case.path, number, parameters, query, headers, body)


def _bytes(content: Any) -> bytes | None:
    """What a client would send of a body, None for none."""
    if content is None or isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else b"".join(content)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _is_json(call: Call) -> bool:
    return call.body not in (None, b"[]") and "json" in dict(call.headers).get("content-type", "")


def in_order(calls: Sequence[Call]) -> list[Call]:
    """What creates first, then what changes, reads and removes; in the end each reading operation once more."""

    def rank(numbered: tuple[int, Call]) -> tuple[int, bool, int]:
        position, call = numbered
        return _METHODS.index(call.method) if call.method in _METHODS else 1, "{" in call.template, position

    ordered = [call for _, call in sorted(enumerate(calls), key=rank)]
    reads: dict[str, Call] = {}
    for call in ordered:
        if call.method == "GET":
            reads.setdefault(call.operation, call)
    return [*ordered, *(replace(call, again=True) for call in reads.values())]


def json_body(call: Call) -> Any:
    """The body of JSON, None where it is none."""
    if not _is_json(call):
        return None
    try:
        return json.loads(call.body or b"")
    except ValueError:
        return None


def decoded(path: str) -> str:
    """A path as an application sees it."""
    return unquote(path)


def names(template: str) -> Iterator[tuple[str, str]]:
    """Each parameter of a path with the path before it."""
    for match in re.finditer(r"\{(\w+)(?::\w+)?\}", template):
        yield match[1], template[:match.start()].rstrip("/")
