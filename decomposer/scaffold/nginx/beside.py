"""The locations that go before those of an existing server: what they take over, and what goes where it went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from decomposer.scaffold.nginx.choosing import EXACT, REGEX, Chooser, Location
from decomposer.scaffold.nginx.existing import Existing, Server, carried, is_mapped, meant, stands_for
from decomposer.scaffold.nginx.locations import locations
from decomposer.scaffold.nginx.paths import escaped, segments, whole_form
from decomposer.scaffold.nginx.route_table import MOUNT, WEBSOCKET, Answer, witness
from decomposer.scaffold.nginx.syntax import Directive
from decomposer.scaffold.system import Operation, System

INSIDE = ("allow 127.0.0.1;", "allow ::1;", "deny all;")
"""The rules for what the monolith alone answers and nginx led nobody to: who is on the machine may have it."""


@dataclass(frozen=True)
class Beside:
    """A system beside an existing configuration, in the server that most of the monolith's requests take.

    `takes` says whether it may take over paths that reach the monolith as others today, which it does not answer.
    """

    system: System
    existing: Existing
    takes: bool = True

    @cached_property
    def server(self) -> Server:
        """The server."""
        return self.existing.server_of(self.existing.main)

    @cached_property
    def served(self) -> set[str]:
        """The contexts that have a service."""
        return {service.context for service in self.system.serving()}

    @cached_property
    def paths(self) -> dict[Operation, str]:
        """A path for each operation, but for those that cannot be taken apart into segments."""
        return {one: path for one in self.system.operations if (path := _sample(one.path))}

    def owned(self) -> list[str]:
        """Paths that services answer."""
        return [path for operation, path in self.paths.items() if operation.context in self.served]

    @cached_property
    def found(self) -> list[Location]:
        """The locations of services, with the rules that hold for their paths today."""
        return locations(self.system.operations, self.served, self.server.locations, self.rules)

    def settled(self) -> Beside:
        """It as it is, or without taking over where a path would go astray by which the monolith is asked today."""
        chooser = Chooser([*self.found, *self.server.locations])
        is_astray = self.takes and any(_is_ours(chooser.choose(path)) for path in self.aliases())
        return replace(self, takes=False) if is_astray else self

    def locations(self) -> list[Location]:
        """The locations of services, and those of what was not reached."""
        return [*self.found, *self.unreached(self.found)]

    def rules(self, path: str) -> tuple[str, ...] | None:
        """The directives that hold for a path today, None where somebody else has it."""
        place = self.server.today(path)
        if place is None or self.is_open(place):
            return ()
        return carried(place) if self.server.leads(place) or self.takes_over(place, path) else None

    def is_open(self, place: Directive) -> bool:
        """Whether it is the location of everything that has none, and does not lead to the monolith."""
        return place.words == ("/",) and not self.server.reaches(place)

    def takes_over(self, place: Directive, path: str) -> bool:
        """Whether a path reaches the monolith as others today, none of which it answers.

        A prefix that stands for another one, as `/api/` for `/v1/`, hides what the monolith has below `/api/` itself.
        """
        if not self.takes or not self.server.reaches(place) or not is_mapped(place):
            return False
        others = meant(place, path)
        return bool(others) and not any(self.answered.fullmatch(other) for other in others)

    @cached_property
    def answered(self) -> re.Pattern[str]:
        """What matches every path that the monolith answers."""
        forms = dict.fromkeys(_form(operation) for operation in self.system.operations)
        return re.compile("|".join(f"(?:{form})" for form in forms) or "(?!)")

    def aliases(self) -> list[str]:
        """The paths by which what the monolith answers is reached through prefixes that stand for others."""
        places = [self.server.places[key] for key in sorted(self.server.leading)]
        return [alias for place in places if is_mapped(place) for path in self.paths.values()
                if (alias := stands_for(place, path))]  # fmt: skip

    def unreached(self, found: Sequence[Location]) -> list[Location]:
        """Locations for what the monolith alone answers and none leads to, for those on the machine.

        Without files' names, and what is named by its parameters alone: such a path may well be the site's own.
        """
        made: list[Location] = []
        chooser = Chooser([*found, *self.server.locations])
        for operation, path in self.paths.items():
            if operation.context in self.served or not _has_name(operation.path) or not self.is_nobodys(path):
                continue
            one = _alone(operation)
            same = next((other for other in made if (other.kind, other.text) == (one.kind, one.text)), None)
            if same is not None:
                made[made.index(same)] = replace(one, takes_websockets=one.takes_websockets or same.takes_websockets)
            elif not _is_ours(chooser.choose(path)) and not self.disturbed([*found, *made], one):
                made.append(one)
        return made

    def is_nobodys(self, path: str) -> bool:
        """Whether a path leads to nothing of the monolith's today, and to nothing that has a location of its own."""
        place = self.server.today(path)
        return place is None or self.is_open(place) or self.takes_over(place, path)

    @cached_property
    def asked(self) -> list[str]:
        """Paths that lead somewhere, and some of locations that are there."""
        return [*self.paths.values(), *self.aliases(), *(f"{other.text}0-0" for other in self.server.locations)]

    def disturbed(self, found: Sequence[Location], one: Location) -> bool:
        """Whether a further location would be chosen for a path that leads somewhere already."""
        before, after = (Chooser([*some, *self.server.locations]) for some in (found, [*found, one]))
        for path in filter(one.covers, self.asked):
            was = before.choose(path)
            if was != after.choose(path) and (_is_ours(was) or not self.is_nobodys(path)):
                return True
        return False


def _is_ours(location: Location | None) -> bool:
    return location is not None and location.answer is not None


def _sample(path: str) -> str:
    """A path that an operation answers, "" where it cannot be taken apart into segments."""
    try:
        return witness(segments(path))
    except ValueError:
        return ""


def _has_name(path: str) -> bool:
    first, last = segments(path)[0], segments(path)[-1]
    return bool(first.text) and not first.is_form and not (not last.is_form and "." in last.text)


def _form(operation: Operation) -> str:
    """What matches all paths of an operation."""
    if operation.method == MOUNT:
        return f"{escaped(operation.path.rstrip('/'))}(?:/.*)?"
    return whole_form(operation.path)


def _alone(operation: Operation) -> Location:
    """A location for an operation of the monolith alone."""
    answer, takes = Answer("", rules=INSIDE), operation.method in (WEBSOCKET, MOUNT)
    if operation.method == MOUNT:
        return Location(REGEX, f"^{escaped(operation.path.rstrip('/'))}(/|$)", answer, takes)
    if "{" in operation.path:
        return Location(REGEX, whole_form(operation.path), answer, takes)
    return Location(EXACT, operation.path, answer, takes)
