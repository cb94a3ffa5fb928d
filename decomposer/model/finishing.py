"""How a step of the monolith's end stands."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from decomposer.model.problems import Problem


class Mark(StrEnum):
    """Whether a step is made, can be made, cannot be yet, or has nothing to do here."""

    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"
    NOTHING = "nothing to do"


class Standing(Struct, frozen=True):
    """A step: its name, what comes of it, how it stands, and what is in its way."""

    name: str
    what: str
    mark: Mark
    problems: tuple[Problem, ...] = ()
