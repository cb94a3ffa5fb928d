"""What the answers of both sides are worth: equal, different, or not to be compared; counted by context."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from decomposer.model.smoke import Difference, OfContext, Smoke
from decomposer.running.calls import Call
from decomposer.running.comparing import (
    Answer,
    Volatile,
    also_varying,
    differences,
    flatten,
    kind_of,
    shown,
    volatile,
)
from decomposer.running.linking import Link, linked
from decomposer.running.parts import MONOLITH
from decomposer.shell.probing import censored

PORT = 8080
"""Where `decompose up` serves if it is not told otherwise."""
_LONGEST = 600


class Owned(NamedTuple):
    """A request and the context that is to answer it, "" for the monolith itself."""

    context: str
    call: Call


class Asked(Struct, frozen=True):
    """All requests in order, what each took from earlier answers, and the headers that went with all of them."""

    calls: tuple[Owned, ...]
    links: tuple[tuple[Link, ...], ...]
    headers: tuple[tuple[str, str], ...] = ()
    seed: int = 1


def judge(asked: Asked, monolith: Sequence[Sequence[Answer]], routed: Sequence[Answer]) -> Smoke:
    """The comparison of several runs of the monolith with one through nginx."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    operations: dict[str, set[str]] = defaultdict(set)
    reached: dict[str, set[str]] = defaultdict(set)
    found: list[Difference] = []
    flat = [[flatten(run[number]) for run in monolith] for number in range(len(asked.calls))]
    known = [volatile(runs) for runs in flat]
    kinds = _kinds(asked, known)
    for number, (context, call) in enumerate(asked.calls):
        before, after, runs = monolith[0][number], routed[number], flat[number]
        varying = also_varying(known[number], runs[0], kinds[call.operation])
        of = counts[context]
        of["requests"] += 1
        operations[context].add(call.operation)
        if 200 <= before.status < 300 and 200 <= after.status < 300:
            reached[context].add(call.operation)
        otherwise = differences(runs[0], flatten(after), varying)
        expected = context or MONOLITH
        if after.status and after.by != expected:
            otherwise.insert(0, ("answered by", expected, after.by or "nginx itself"))
        if "status" in varying:
            of["unstable"] += 1
        elif not otherwise:
            of["equal"] += 1
            of["masked"] += len(known[number])
        else:
            of["different"] += 1
            found.append(_difference(asked, number, monolith[0], after, otherwise))
    contexts = tuple(
        OfContext(context, len(operations[context]), len(reached[context]), of["requests"], of["equal"],
                  of["different"], of["unstable"], of["masked"])
        for context, of in sorted(counts.items(), key=lambda item: (not item[0], item[0]))
    )  # fmt: skip
    return Smoke(asked.seed, contexts, tuple(found), sum(map(bool, asked.links)))


def _kinds(asked: Asked, known: Sequence[Volatile]) -> dict[str, set[str]]:
    """The kinds of places that vary in any answer of each operation; a header that does so in several, in all."""
    found: dict[str, set[str]] = {call.operation: set() for _, call in asked.calls}
    for (_, call), varying in zip(asked.calls, known, strict=True):
        found[call.operation] |= {kind_of(place) for place in varying}
    often = Counter(kind for kinds in found.values() for kind in kinds if kind.startswith("header "))
    everywhere = {kind for kind, count in often.items() if count > 1}
    return {operation: kinds | everywhere for operation, kinds in found.items()}


def _difference(
    asked: Asked, number: int, answers: Sequence[Answer], after: Answer, otherwise: list[tuple[str, object, object]]
) -> Difference:  # fmt: skip
    context, call = asked.calls[number]
    place, one, other = otherwise[0]
    path, body = linked(call, asked.links[number], answers)
    more = f" (and {len(otherwise) - 1} more)" if len(otherwise) > 1 else ""

    def told(value: object) -> str:
        text = shown(value)
        for name, secret in asked.headers:
            for word in secret.split():
                text = censored(text, {name: word})
        return text

    return Difference(context, number + 1, call.operation, path, place.strip() + more, told(one), told(other),
                      (answers[number].status, after.status), curl(call, path, body, asked.headers))  # fmt: skip


def curl(call: Call, path: str, body: bytes | None, headers: Sequence[tuple[str, str]]) -> str:
    """The command that sends a request through `decompose up`; a header that was given is a variable of the shell."""
    target = f"http://127.0.0.1:{PORT}{path}" + (f"?{call.query}" if call.query else "")
    words = ["curl", "-i"] + (["-X", call.method] if call.method != "GET" else []) + [shlex.quote(target)]
    given = {name.lower() for name, _ in headers}
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in call.headers if name not in given]
    words += [f'-H "{name}: ${_variable(name)}"' for name, _ in headers]
    if body is not None:
        text = body.decode("utf-8", "backslashreplace")
        words.append(f"--data-binary {shlex.quote(text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…')}")
    return " ".join(words)


def _variable(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name.upper())
