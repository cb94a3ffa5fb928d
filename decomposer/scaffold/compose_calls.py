"""What calls between services need in a compose file: variables of the monolith's entry, which all services share.

A value that was rendered is rendered anew when its owner answers elsewhere; one that somebody has set stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from msgspec import Struct

from decomposer.scaffold.calls import TOKEN, address, owners, url, variable
from decomposer.scaffold.compose_file import monolith_entry, own_port, values
from decomposer.scaffold.system import System
from decomposer.scaffold.yaml_text import (
    Insertion,
    Node,
    anchor,
    column_of,
    find,
    inserted,
    into_sequence,
    offset_after,
    parse,
)

_ASKED = f"${{{TOKEN}:?}}"


class Setting(Struct, frozen=True):
    """A variable, its value, and the values in whose place that comes."""

    name: str
    value: str
    former: frozenset[str] = frozenset()


def settings(system: System, monolith: str, port: int) -> list[Setting]:
    """The variables that calls need, with the names of compose's own network; `monolith` is that of its entry.

    `port` is the one at which that listens in its container.
    """
    if not owners(system):
        return []
    found = [Setting(TOKEN, _ASKED)]
    for owner in owners(system):
        there = address(system, owner, owner, monolith, port)
        others = {url(one, monolith) for one in (port, system.monolith.port)}
        others |= {f"http://{owner}:{one.port}" for one in system.serving() if one.context == owner}
        found.append(Setting(variable(owner), there, frozenset(others - {there})))
    return found


def with_calls(system: System, path: str, text: str) -> str:
    """A compose file whose monolith, if it has an entry, has the variables that calls need."""
    name, entry = monolith_entry(system, path, parse(text))
    wanted = settings(system, name, own_port(system, name, entry))
    if entry is None or entry.id != "mapping" or not wanted:
        return text
    if find(entry, "environment") is None:
        return inserted(text, [] if entry.flow_style else [_begun(text, name, entry, wanted)])
    text = _renewed(text, find(entry, "environment"), wanted)
    environment = find(monolith_entry(system, path, parse(text))[1], "environment")
    there = {one for one, _, _ in values(environment)}
    return inserted(text, list(_added(text, environment, [one for one in wanted if one.name not in there])))


def _begun(text: str, name: str, entry: Node, wanted: Sequence[Setting]) -> Insertion:
    """An entry's first variables, by a name under which services can share them."""
    space = " " * entry.start_mark.column
    lines = [f"environment: &{anchor(name, 'environment')}", *(f"  {one.name}: {one.value}" for one in wanted)]
    return Insertion(offset_after(text, entry, entry.start_mark.column), "".join(f"{space}{line}\n" for line in lines))


def _renewed(text: str, environment: Node, wanted: Sequence[Setting]) -> str:
    """The text with the values that were rendered as they are to be now."""
    former = {(one.name, value): one.value for one in wanted for value in one.former}
    found = [(node.start_mark.index, node.end_mark.index, value, former[name, value])
             for name, value, node in values(environment) if (name, value) in former]  # fmt: skip
    for start, end, value, now in sorted(found, reverse=True):
        text = text[:start] + text[start:end].replace(value, now) + text[end:]
    return text


def _added(text: str, environment: Node, missing: Sequence[Setting]) -> Iterator[Insertion]:
    """Variables behind those that there are, in their own style."""
    if environment.id == "sequence":
        yield from into_sequence(text, environment, [json.dumps(f"{one.name}={one.value}") for one in missing])
    elif environment.id == "mapping" and environment.value and environment.flow_style:
        lines = "".join(f", {one.name}: {json.dumps(one.value)}" for one in missing)
        yield Insertion(environment.value[-1][1].end_mark.index, lines)
    elif environment.id == "mapping" and environment.value and missing:
        column = column_of(text, environment)
        lines = "".join(f"{' ' * column}{one.name}: {one.value}\n" for one in missing)
        yield Insertion(offset_after(text, environment, column - 1), lines)
