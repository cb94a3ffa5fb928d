"""Which distributions a service must install for what its code imports, and where that is only guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from decomposer.scaffold.requirements import normalised
from decomposer.scaffold.well_known import ALIKE, KNOWN, SAME, SHARED

Providers = Mapping[str, tuple[str, ...]]
"""The distributions that have what is imported, by top-level name; by longer names too where several share that."""

_DISTRIBUTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is imported first; `is_optional` says that the code does without it wherever it is."""

    path: str = ""
    line: int = 0
    is_optional: bool = False

    def joined(self, other: Place) -> Place:
        """The same place, optional only if the other one is, too."""
        return Place(self.path, self.line, self.is_optional and other.is_optional)


@dataclass(frozen=True, slots=True)
class Guess:
    """An import whose distribution nothing tells: its name, what is taken for the distribution, and the place.

    What the code does without is not required.
    """

    name: str
    distribution: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sources:
    """What tells the distribution of an import.

    `declared` are the monolith's own requirements by normalised name, `locked` the names of all that is installed with
    them; `interpreter` is what the interpreter of the baseline has, `own` what this tool's own has, the last source.
    """

    declared: Mapping[str, str]
    locked: frozenset[str] = frozenset()
    interpreter: Callable[[], Providers] = dict
    own: Callable[[], Providers] = dict


def requirements(
    imports: Mapping[str, Place], sources: Sources, standard: frozenset[str]
) -> tuple[tuple[str, ...], tuple[Guess, ...]]:
    """The requirements for imported names, each dotted as far as it may tell the distribution; and what is a guess."""
    needed: set[str] = set()
    guesses: dict[str, Guess] = {}
    for module in sorted(imports):
        top = module.partition(".")[0]
        if top in standard or top == "__future__" or not _DISTRIBUTION.fullmatch(top):
            continue  # as `_cffi_backend`: a part of something, which no index has
        found = next(_told(module, sources), None)
        if found is not None:
            needed.update(found)
            continue
        guess = _guessed(module)
        before = guesses.get(guess)
        place = before.place.joined(imports[module]) if before is not None else imports[module]
        guesses[guess] = Guess(before.name if before is not None else _part(module, guess), guess, place)
    needed.update(one.distribution for one in guesses.values() if not one.place.is_optional)
    return tuple(sorted(needed, key=str.lower)), tuple(guesses.values())


def _guessed(module: str) -> str:
    """What a distribution may be called, by the part of a package that many share, else by the package."""
    top, *below = module.split(".")
    return normalised("-".join([top, *(part for part in below if part.islower())] if top in SHARED else [top]))


def _part(module: str, guess: str) -> str:
    """The part of a module's name that a guess is made of."""
    return ".".join(module.split(".")[: guess.count("-") + 1 if module.partition(".")[0] in SHARED else 1])


def _told(module: str, sources: Sources) -> Iterator[tuple[str, ...]]:
    """What tells the distributions of a module, as requirements, the best source first.

    What the monolith asks for goes before what is only there, for that has a version.
    """
    top = module.partition(".")[0]
    known = [name for prefix in _prefixes(module) for name in KNOWN.get(prefix, ())]
    named = list(_named(module, known))
    yield from _declared(_provided(module, sources.interpreter()), sources)
    yield from _declared([name for name in named if name in sources.declared][:1], sources)
    yield from _declared(_provided(module, sources.own()), sources)
    there = _provided(module, sources.interpreter())
    yield from ((name,) for name in named if name in there)
    yield from (there,) if len(there) == 1 else ()
    yield from ((name,) for name in [*named, *known] if name in sources.locked)
    yield from ((name,) for name in known)
    yield from ((normalised(top),),) if top in SAME else ()
    own = _provided(module, sources.own())
    yield from (own,) if len(own) == 1 else ()


def _declared(names: Iterable[str], sources: Sources) -> Iterator[tuple[str, ...]]:
    """What the monolith asks for of some distributions, where it asks for any."""
    found = tuple(sources.declared[name] for name in names if name in sources.declared)
    yield from (found,) if found else ()


def _named(module: str, known: Iterable[str]) -> Iterator[str]:
    """The distributions that may have a module, as the names tell, the likeliest first.

    A part of a package that several share may have one of its own, as `azure.identity` has `azure-identity`.
    """
    top = normalised(module.partition(".")[0])
    yield top
    yield from known
    yield from (normalised(prefix) for prefix in _prefixes(module)[:-1])
    yield from (pattern.format(top) for pattern in ALIKE)


def _provided(module: str, providers: Providers) -> tuple[str, ...]:
    """The distributions that have a module, by the longest part of its name that is known."""
    return next((providers[prefix] for prefix in _prefixes(module) if prefix in providers), ())


def _prefixes(module: str) -> list[str]:
    """A dotted name and those above it, the longest first."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
