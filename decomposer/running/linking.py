"""Requests that go on where earlier ones ended: their ids are those that earlier answers gave on the same side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from decomposer.running.calls import Call, json_body, names
from decomposer.running.comparing import Answer

_DEPTH, _ITEMS, _LONGEST = 4, 3, 200
_TELLING = re.compile(r"(?:^|_)(?:id|uuid|name|slug|key|code|address|hash)$")


class Link(Struct, frozen=True):
    """A value of a request that an earlier answer has: `place` is "path" or "body", `pointer` leads to it there."""

    place: str
    name: str
    answer: int
    pointer: tuple[str | int, ...]


class Known(Struct, frozen=True):
    """A value that an answer gave: whose operation it was, its name in the answer, where it stands."""

    answer: int
    template: str
    name: str
    pointer: tuple[str | int, ...]


def known_of(number: int, call: Call, answer: Answer) -> list[Known]:
    """The values of an answer that may name something: ids, names and the like."""
    if not 200 <= answer.status < 300:
        return []
    return [Known(number, call.template, _plain(name), pointer) for name, pointer in _named(answer.json(), ())]


def _named(value: Any, at: tuple[str | int, ...], depth: int = 0) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            is_name = (isinstance(item, str) and 0 < len(item) <= _LONGEST) or type(item) is int
            if is_name and _TELLING.search(_plain(key)):
                yield key, (*at, key)
            else:
                yield from _named(item, (*at, key), depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value[:_ITEMS]):
            yield from _named(item, (*at, number), depth + 1)


def links(call: Call, known: Sequence[Known]) -> tuple[Link, ...]:
    """What a request takes from earlier answers; every third of an operation keeps what was generated for it."""
    if call.number % 3 == 2:
        return ()
    found = []
    for name, before in names(call.template):
        matching = _matching(name, before, known)
        if matching:
            chosen = matching[call.number % len(matching)]
            found.append(Link("path", name, chosen.answer, chosen.pointer))
    body = json_body(call)
    for key in body if isinstance(body, dict) else ():
        matching = _matching(key, "", known) if _plain(key).endswith("_id") else []
        if matching:
            chosen = matching[call.number % len(matching)]
            found.append(Link("body", key, chosen.answer, chosen.pointer))
    return tuple(found)


def _matching(name: str, before: str, known: Sequence[Known]) -> list[Known]:
    """The values that a parameter may mean, the surest kind only: of its name, or of the collection it stands in."""
    plain = _plain(name)
    exact = [one for one in known if one.name == plain]
    noun = re.sub(r"_?(?:id|uuid|name|slug|key|code|address|hash)$", "", plain)
    rest = plain.removeprefix(noun).lstrip("_") or plain
    of_collection = [one for one in known if one.name in (rest, "id") and before and one.template == before]
    of_noun = [one for one in known if one.name in (rest, "id") and noun and _noun(one.template) == noun]
    return of_collection or exact or of_noun


def _noun(template: str) -> str:
    """What a collection holds: `job` of `/v1/jobs`."""
    last = next((part for part in reversed(template.split("/")) if part and "{" not in part), "")
    return re.sub(r"ies$", "y", re.sub(r"(?<!s)s$", "", _plain(last)))


def _plain(name: str) -> str:
    """A name in small letters with underscores."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def linked(call: Call, given: Sequence[Link], answers: Sequence[Answer]) -> tuple[str, bytes | None]:
    """The path without its query, and the body, with what the answers of one side have in those places."""
    import json

    parameters: dict[str, str] = {}
    body = json_body(call) if any(link.place == "body" for link in given) else None
    for link in given:
        value = _at(answers[link.answer].json(), link.pointer)
        if value is None:
            continue
        if link.place == "path":
            parameters[link.name] = quote(str(value), safe="")
        elif isinstance(body, dict):
            body[link.name] = value
    content = call.body if body is None else json.dumps(body).encode()
    return call.path(parameters), content


def _at(value: Any, pointer: Sequence[str | int]) -> str | int | None:
    for step in pointer:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value if isinstance(value, str | int) and value != "" else None
