"""Which operation answers a request, and by which way the request gets there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from msgspec import Struct

from decomposer.model.http_calls import HttpCall
from decomposer.scaffold.system import Operation

_HOLE = "\0"
_ABSOLUTE = re.compile(r"(?:https?|wss?)://(?P<host>[^/:?#]*)(?::(?P<port>[^/?#]*))?(?P<rest>.*)", re.DOTALL)
_EVERYBODYS = frozenset({"health", "healthz", "live", "ready", "metrics", "status", "docs", "openapi.json"})
"""What any application's paths say: without a host that means nothing."""
_PARAMETER = re.compile(r"\{[^{}]*\}")
_SKIPPED = 2
"""So many segments at most may a gateway, or what stands in a setting, put before a path or take off it."""


class Reach(StrEnum):
    """How a request gets to its operation."""

    DIRECT = "direct"
    GATEWAY = "gateway"
    SETTING = "setting"
    RELATIVE = "relative"
    ELSEWHERE = "elsewhere"


class Gates(Struct, frozen=True):
    """Where the monolith answers by itself, and where a gateway does: hosts by name, and their ports."""

    hosts: frozenset[str]
    port: int
    gateways: frozenset[int]


class Table:
    """The operations by what their paths say literally, so that a request is compared with few of them."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.paths = [(operation, _segments(operation.path)) for operation in operations]
        self._of: dict[str, set[int]] = {}
        for number, (_, path) in enumerate(self.paths):
            for segment in path:
                if "{" not in segment:
                    self._of.setdefault(segment, set()).add(number)

    def near(self, asked: list[str]) -> list[tuple[Operation, list[str]]]:
        """Those that have a literal segment in common with a path, in order."""
        known = [self._of[segment] for segment in asked if segment in self._of]
        rare = [numbers for numbers in known if len(numbers) <= len(self.paths) / 2]
        numbers = set().union(*(rare or known))
        return [self.paths[number] for number in sorted(numbers)]


class Answered(Struct, frozen=True):
    """The operations that may answer a request, the best first, and how it gets there."""

    reach: Reach
    operations: tuple[Operation, ...]
    allowed: tuple[str, ...] = ()


def answered(call: HttpCall, table: Table, gates: Gates) -> Answered:
    """The operations that a request means; `allowed` are the methods that its path has, where it asks for another one.

    Nothing where it goes elsewhere, and where its path says too little.
    """
    reach, path = _way(call, gates)
    if reach is Reach.ELSEWHERE:
        return Answered(reach, ())
    asked = _segments(path)
    if reach in (Reach.RELATIVE, Reach.SETTING) and _EVERYBODYS.issuperset(one for one in asked if one != _HOLE):
        return Answered(reach, ())
    scored = []
    for operation, segments in table.near(asked):
        score = _score(asked, segments, reach)
        if score is not None:
            scored.append((score, operation.order, operation))
    scored.sort(key=lambda one: (one[0], -one[1]), reverse=True)
    best = [operation for score, _, operation in scored if score == scored[0][0]]
    meant = [operation for operation in best if call.method in ("", operation.method)]
    if not meant:
        meant = [operation for score, _, operation in scored if call.method == operation.method]
    allowed = tuple(sorted({operation.method for operation in best})) if best and not meant else ()
    return Answered(reach, tuple(meant[:1] if call.method else meant), allowed)


def _way(call: HttpCall, gates: Gates) -> tuple[Reach, str]:
    """How an address leads to the monolith, and the path that it asks for, holes as one character."""
    address, strictly = call.address, call.based
    text = "".join(_HOLE if piece.is_hole else piece.text for piece in address)
    text = re.split(r"[?#]", text, maxsplit=1)[0]
    absolute = _ABSOLUTE.fullmatch(text)
    if absolute is not None:
        return _of_host(absolute["host"], absolute["port"] or "", gates, strictly), absolute["rest"]
    if text.startswith("/"):
        return Reach.RELATIVE, text
    default = address[0].default if address else ""
    found = _ABSOLUTE.fullmatch(default)
    rest = text[1:]
    if found is not None:
        if _of_host(found["host"], found["port"] or "", gates, strictly) is Reach.ELSEWHERE:
            return Reach.ELSEWHERE, rest
        return Reach.SETTING, found["rest"].rstrip("/") + rest
    return Reach.SETTING, _HOLE + rest if rest.startswith("/") else rest


def _of_host(host: str, port: str, gates: Gates, strictly: bool) -> Reach:
    """The way to a host; a name that nothing here has may be the gateway's, unless that is to be taken strictly."""
    if port.isdigit() and int(port) not in (gates.port, *gates.gateways):
        return Reach.ELSEWHERE
    if _HOLE in host or _HOLE in port:
        return Reach.SETTING
    if port.isdigit() and int(port) == gates.port and host in gates.hosts:
        return Reach.DIRECT
    if (not port or (port.isdigit() and int(port) in gates.gateways)) and (
            host in gates.hosts or not (port or strictly)):  # fmt: skip
        return Reach.GATEWAY
    return Reach.ELSEWHERE


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _score(asked: list[str], path: list[str], reach: Reach) -> tuple[int, int, int] | None:
    """How well a path is met: fewer segments skipped, more literal ones equal, fewer guessed; None for not at all."""
    base = asked[:1] == [_HOLE] and reach is Reach.SETTING
    asked = asked[1:] if base else asked
    for skipped in range(_SKIPPED + 1):
        ways = [(asked[skipped:], path)] if skipped <= len(asked) and _literal(asked[:skipped]) else []
        if base and skipped and _literal(path[:skipped]):
            ways.append((asked, path[skipped:]))
        for one, other in ways:
            equal = _equal(one, other)
            if equal is not None and equal[0] >= (2 if skipped or base else 1):
                return (-skipped, *equal)
    return None


def _literal(segments: Collection[str]) -> bool:
    return not any(_HOLE in segment or "{" in segment for segment in segments)


def _equal(asked: list[str], path: list[str]) -> tuple[int, int] | None:
    """How many literal segments are the same, and minus how many were guessed; None where the two do not fit."""
    same = guessed = 0
    whole = bool(path) and path[-1].endswith(":path}")
    if len(asked) != len(path) and not (whole and len(asked) >= len(path)):
        return None
    for one, other in zip(asked, path, strict=False):
        if "{" in other:
            form = re.escape(_PARAMETER.sub(_HOLE, other)).replace(re.escape(_HOLE), ".+")
            if _HOLE not in one and not re.fullmatch(form, one):
                return None
        elif _HOLE in one:
            if not re.fullmatch(re.escape(one).replace(re.escape(_HOLE), ".*"), other):
                return None
            guessed += 1
        elif one == other:
            same += 1
        else:
            return None
    return same, -guessed
