"""A module that is to be split: its bytes, where its references stand, and the units that it is made of."""

from __future__ import annotations

from functools import cached_property

from decomposer.model.sites import ImportSite, Sites
from decomposer.model.units import Unit
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites
from decomposer.syntax.units import read_units

IMPORTING = frozenset({"future", "import", "typing", "optional"})
REPEATED = IMPORTING | {"logger"}
"""Kinds of units that each new module gets for itself, as far as it needs them."""


_NARROW, _WIDE = 88, 120


class Module:
    """One module by its dotted name and path; raises SyntaxError where its source cannot be read."""

    def __init__(self, name: str, path: str, source: bytes, made: frozenset[str] = frozenset()) -> None:
        """With the names that were not in it before, for which nobody can ask."""
        self.name, self.path, self.source, self.made = name, path, source, made
        self.content: Text = text_of(source)
        self.sites: Sites = read_sites(source, self.content)
        if self.sites.error:
            raise SyntaxError(self.sites.error)
        self.units: tuple[Unit, ...] = read_units(source, self.content, self.sites)

    @property
    def is_package(self) -> bool:
        """Whether the module is a package's own file."""
        return self.path.endswith("/__init__.py")

    @property
    def package(self) -> str:
        """The package that relative imports start from, here and in the modules beside it; "" for none."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def lines(self) -> int:
        """Physical lines."""
        return self.content.utf8.count(b"\n") + (not self.content.utf8.endswith(b"\n"))

    @cached_property
    def width(self) -> int:
        """How long the lines of statements may be that are put in: as long as the module's own, within reason."""
        return min(_WIDE, max(_NARROW, *map(len, self.content.utf8.splitlines()), 0))

    @cached_property
    def repeated(self) -> frozenset[int]:
        """The units that each new module gets for itself: imports and loggers, unless their names are given anew."""
        given: dict[str, int] = {}
        for unit in self.units:
            for name in unit.defines if unit.kind not in IMPORTING - {"optional"} else ():
                given[name] = given.get(name, 0) + 1
        rebound = frozenset(name for unit in self.units for name in unit.rebinds)
        return frozenset(
            number for number, unit in enumerate(self.units)
            if unit.kind in REPEATED and (
                unit.kind in IMPORTING - {"optional"}
                or not any(given[name] > 1 or name in rebound for name in unit.defines)
            )
        )  # fmt: skip

    @cached_property
    def movable(self) -> tuple[int, ...]:
        """The units that stand in one module only, in order."""
        return tuple(number for number, unit in enumerate(self.units)
                     if number not in self.repeated and unit.kind != "docstring")  # fmt: skip

    @cached_property
    def definers(self) -> dict[str, list[int]]:
        """Of each name the units that stand in one module only and bind it, in order."""
        found: dict[str, list[int]] = {}
        for number in self.movable:
            for name in self.units[number].defines:
                found.setdefault(name, []).append(number)
        return found

    @cached_property
    def repeaters(self) -> dict[str, list[int]]:
        """Of each name the imports and loggers that bind it."""
        found: dict[str, list[int]] = {}
        for number in sorted(self.repeated):
            for name in self.units[number].defines:
                found.setdefault(name, []).append(number)
        return found

    @cached_property
    def imports(self) -> dict[int, list[ImportSite]]:
        """Of each unit that imports, its statements."""
        return {
            number: [site for site in self.sites.imports if unit.start <= site.start < unit.end]
            for number, unit in enumerate(self.units) if unit.kind in IMPORTING
        }  # fmt: skip

    @cached_property
    def stars(self) -> tuple[int, ...]:
        """The units that import all names of another module."""
        return tuple(number for number, sites in self.imports.items()
                     if any(name.name == "*" for site in sites for name in site.names))  # fmt: skip

    def span(self, number: int) -> int:
        """The lines of a unit, with the blank ones and the comments above it."""
        unit = self.units[number]
        return self.content.utf8.count(b"\n", unit.start, unit.end) or 1
