"""Who calls the API, as blocks for a person and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from decomposer.calling.addresses import Address
from decomposer.calling.callers import Caller
from decomposer.calling.matching import Reach
from decomposer.report.blocks import Block, Heading, Table, Text
from decomposer.scaffold.system import Operation

_WAYS = {
    Reach.DIRECT: "the monolith's own port", Reach.GATEWAY: "the gateway", Reach.SETTING: "a setting",
    Reach.RELATIVE: "a relative path",
}  # fmt: skip


def caller_blocks(document: dict[str, Any]) -> list[Block]:
    """How often each context is called from where, then every call of code; those of others are only counted."""
    return list(_blocks(document))


def callers_document(
    callers: Sequence[Caller], addresses: Iterable[Address], operations: Iterable[Operation], contexts: Sequence[str],
    serving: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """Everything that was found, with stable keys; `serving` are the contexts that have a service."""
    every = {(one.method, one.path): one for one in operations if one.method != "MOUNT"}
    called = {(one.method, one.path) for caller in callers for one in caller.answered.operations}
    return {
        "version": 1,
        "contexts": [{**_of_context(name, callers, every.values(), called), "has_service": name in serving}
                     for name in [*contexts, ""]],
        "calls": [_call(caller) for caller in callers],
        "addresses": [{"path": one.path, "line": one.line, "address": one.address} for one in addresses],
        "not_called": [f"{method} {path}" for method, path in sorted(every.keys() - called)],
    }  # fmt: skip


def _of_context(
    name: str, callers: Iterable[Caller], every: Iterable[Operation], called: set[tuple[str, str]]
) -> dict[str, Any]:  # fmt: skip
    own = [one for one in every if one.context == name]
    asking = [caller for caller in callers if caller.operation is not None and caller.operation.context == name]
    code = [caller for caller in asking if caller.kind == "code"]
    ways = Counter(caller.answered.reach for caller in code)
    return {
        "name": name, "operations": len(own), "called": sum((one.method, one.path) in called for one in own),
        "files": len({caller.path for caller in code}), **{way.value: ways[way] for way in _WAYS},
        "tests": sum(caller.kind == "test" for caller in asking),
        "documents": sum(caller.kind == "document" for caller in asking),
    }  # fmt: skip


def _call(caller: Caller) -> dict[str, Any]:
    operation = caller.operation
    return {
        "path": caller.path, "line": caller.call.line, "via": caller.call.via, "method": caller.call.method,
        "address": caller.call.shown(), "reach": caller.answered.reach.value, "kind": caller.kind,
        "operation": f"{operation.method} {operation.path}" if operation else "",
        "context": operation.context if operation else "", "allowed": list(caller.answered.allowed),
        "handed_on": caller.call.handed_on,
    }  # fmt: skip


def _blocks(document: dict[str, Any]) -> Iterator[Block]:
    yield Heading("Who calls the API")
    ways = [way.value for way in _WAYS]
    rows = tuple(
        (one["name"] or "(monolith)", f"{one['called']} of {one['operations']}", str(one["files"]),
         *(str(one[way]) for way in ways), str(one["tests"]), str(one["documents"]))
        for one in document["contexts"]
    )  # fmt: skip
    columns = ("context", "operations called", "files", *ways, "by tests", "in documents")
    yield Table(columns, rows, columns[1:])
    shown = [call for call in document["calls"] if call["kind"] == "code"]
    for name in [one["name"] for one in document["contexts"]]:
        own = [call for call in shown if call["operation"] and call["context"] == name]
        if own:
            yield Heading(name or "The monolith itself")
            yield Table(("at", "asks for", "operation", "by way of"), tuple(_row(call) for call in own))
    handed = [call for call in shown if call["handed_on"]]
    if handed:
        yield Heading("Clients that are handed on: who asks what by them is not known")
        yield Table(("at", "address"), tuple((f"{call['path']}:{call['line']}", call["address"]) for call in handed))
    lost = [call for call in shown if not call["operation"] and not call["handed_on"]]
    if lost:
        yield Heading("Asked for, and not there")
        yield Table(("at", "asks for", "there are"), tuple(
            (f"{call['path']}:{call['line']}", f"{call['method'] or 'any'} {call['address']}",
             ", ".join(call["allowed"]) or "-") for call in lost
        ))  # fmt: skip
    others = sum(not call["operation"] and call not in shown for call in document["calls"])
    if others:
        yield Text(f"Tests and documents ask {others:,} times for what is not there: --format json has all.")
    if document["addresses"]:
        yield Heading("The monolith's own address in settings")
        yield Table(("at", "address"), tuple(
            (f"{one['path']}:{one['line']}", one["address"]) for one in document["addresses"]
        ))  # fmt: skip
    yield from _past_the_gateway(document["contexts"], shown)


def _past_the_gateway(contexts: list[dict[str, Any]], shown: list[dict[str, Any]]) -> Iterator[Block]:
    """How many requests would miss a service that there is, or one that there will be."""
    serving = {one["name"] for one in contexts if one["has_service"]}
    direct = Counter(call["context"] in serving for call in shown if call["reach"] == Reach.DIRECT and call["context"])
    if direct[True]:
        yield Text(f"{_requests(direct[True])} past the gateway, and would miss a service: decompose clients --rewrite",
                   "warning")  # fmt: skip
    if direct[False]:
        yield Text(f"{_requests(direct[False])} past the gateway to contexts that have not left yet: there is nothing "
                   "to rewrite until they have")  # fmt: skip


def _requests(count: int) -> str:
    return "1 request goes" if count == 1 else f"{count} requests go"


def _row(call: dict[str, Any]) -> tuple[str, ...]:
    return (f"{call['path']}:{call['line']}", f"{call['method'] or 'any'} {call['address']}", call["operation"],
            _WAYS[Reach(call["reach"])])  # fmt: skip
