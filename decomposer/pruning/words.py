"""Where the names of a package stand in files, looked for once in each content however often it is asked."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from decomposer.facts.words import Place, places_of, words_in
from decomposer.model.dead_code import Outline
from decomposer.syntax.outline import read_outline


class Words:
    """What was found in files; of a round of pruning after another, which knows fewer names, only the new is read."""

    def __init__(self) -> None:
        self._outlined, self._placed = frozenset[str](), frozenset[str]()
        self._outlines: dict[bytes, Outline | None] = {}
        self._places: dict[bytes, tuple[Place, ...]] = {}

    def outline(self, source: bytes, names: AbstractSet[str]) -> Outline | None:
        """The outline of a file of the package, with the uses of these names at least; None for what cannot be read."""
        if not names <= self._outlined:
            self._outlined, self._outlines = frozenset(names), {}
        if source not in self._outlines:
            try:
                self._outlines[source] = read_outline(source, self._outlined)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._outlines[source] = None
        return self._outlines[source]

    def places(self, source: bytes, names: AbstractSet[str]) -> tuple[Place, ...]:
        """Each place of these names, and maybe of others, in a file."""
        if not names <= self._placed:
            self._placed, self._places = frozenset(names), {}
        if source not in self._places:
            found = words_in(source, {name.encode() for name in self._placed})
            self._places[source] = tuple(places_of(source, found)) if found else ()
        return self._places[source]
