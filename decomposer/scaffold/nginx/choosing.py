"""Which location of a server nginx chooses for a path: the exact one, else by regular expression, else by prefix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from decomposer.scaffold.nginx.route_table import Answer

EXACT, PREFIX, FIRM, REGEX, ANYCASE = "=", "", "^~", "~", "~*"


@dataclass(frozen=True)
class Location:
    """A location of a server: how it is matched, with what, and who answers there.

    `rank` orders regular expressions, the first one that matches is taken. `answer` is None for a location that is in
    the configuration already.
    """

    kind: str
    text: str
    answer: Answer | None = None
    takes_websockets: bool = False
    rank: tuple[tuple[int, str], ...] = ()

    @cached_property
    def form(self) -> re.Pattern[str]:
        """Its regular expression, compiled."""
        return re.compile(self.text, re.IGNORECASE if self.kind == ANYCASE else 0)

    def covers(self, path: str) -> bool:
        """Whether a path is one that it could be chosen for."""
        if self.kind == EXACT:
            return path == self.text
        if self.kind in (PREFIX, FIRM):
            return path.startswith(self.text)
        return self.form.search(path) is not None


class Chooser:
    """The locations of one server in the order in which they are written, without those in other locations."""

    def __init__(self, locations: Sequence[Location]) -> None:
        self.exact = {location.text: location for location in reversed(locations) if location.kind == EXACT}
        prefixes = [location for location in locations if location.kind in (PREFIX, FIRM)]
        self.prefixes = sorted(prefixes, key=lambda location: -len(location.text))
        self.forms = [location for location in locations if location.kind in (REGEX, ANYCASE)]

    def choose(self, path: str) -> Location | None:
        """The location of a path, decoded and without its query; None where none is."""
        if path in self.exact:
            return self.exact[path]
        prefix = next((location for location in self.prefixes if path.startswith(location.text)), None)
        if prefix is not None and prefix.kind == FIRM:
            return prefix
        return next((location for location in self.forms if location.covers(path)), prefix)
