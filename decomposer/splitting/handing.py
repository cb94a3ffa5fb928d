"""What an old module hands on of what has gone to new ones: in which order, and where the imports stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from decomposer.model.units import Unit
from decomposer.splitting.asked import Asked
from decomposer.splitting.imports import from_statement, spelled
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Homes

_TOP = frozenset({"future", "import"})


class Handed(Struct, frozen=True):
    """One statement of the old module that imports names from a new one."""

    text: str
    names: tuple[str, ...]


class Place(Struct, frozen=True):
    """Where such statements go: an offset in the old module, and how many blank lines go before them."""

    start: int
    blank: int


def handed_on(homes: Homes, asked: Asked) -> list[Handed]:
    """The imports of what has moved, in the order in which its names stood in the module.

    What others may ask the module for is imported in a way that says so.
    """
    module = homes.module
    _, needed = homes.needed(module.name)
    found: list[Handed] = []
    for part, _ in homes.split.parts:
        names = sorted(name for name, where in homes.moved.items() if where == part)
        handed = [name for name in names if _may_be_asked(module, asked, name)]
        plain = [name for name in names if name not in handed and name in needed]
        written = spelled(module, part)
        if plain:
            found.append(Handed(from_statement(module, written, plain), tuple(plain)))
        found += [Handed(from_statement(module, written, [f"{name} as {name}"]), (name,)) for name in handed]
    stood = _stood(module)
    return sorted(found, key=lambda one: min(stood[name] for name in one.names))


def _may_be_asked(module: Module, asked: Asked, name: str) -> bool:
    is_whole = asked.walked is not None
    return name in asked.names or not (name in module.made or (name.startswith("_") and not is_whole))


def place_of(homes: Homes, asked: Asked, handed: Sequence[Handed]) -> Place | None:
    """Where the imports of new modules go in the old one.

    That is behind the last import above whatever moved or loads what moved. Where somebody may meet the module's names
    in order it may have to be further below, and it is None where no place keeps their order.
    """
    usual = _usual_place(homes)
    if asked.walked is None:
        return usual
    return next((one for one in (usual, _lowest_place(homes)) if _keeps_order(homes, handed, one)), None)


def _first(homes: Homes) -> int:
    """The first unit that has moved, or that loads what has."""
    moved = [number for _, numbers in homes.split.parts for number in numbers]
    loading = [number for number in homes.split.kept if homes.module.units[number].loads & homes.moved.keys()]
    return min([*moved, *loading])


def _usual_place(homes: Homes) -> Place:
    module, first = homes.module, _first(homes)
    above = [number for number in module.repeated if number < first and module.units[number].kind in _TOP]
    last = max(above, default=-1)
    acting = [number for number in homes.split.kept if last < number < first and module.units[number].kind == "effect"]
    if acting:
        return Place(module.units[acting[-1]].end, 1)
    if last < 0:
        top = [unit for unit in module.units[:first] if unit.kind == "docstring"]
        start = module.units[0].start
        return Place(top[-1].end, 1) if top else Place(start, int(start > 0))
    return Place(module.units[last].end, int(not _is_relative(module, module.units[last])))


def _lowest_place(homes: Homes) -> Place:
    units, first = homes.module.units, _first(homes)
    return Place(units[first].start, 2 if first and units[first - 1].kind in ("class", "function") else 1)


def _is_relative(module: Module, unit: Unit) -> bool:
    return any(site.level for site in module.sites.imports if unit.start <= site.start < unit.end)


def _keeps_order(homes: Homes, handed: Iterable[Handed], place: Place) -> bool:
    """Whether the module would have its names in the order in which it has them now, with the imports at a place.

    Those that it imports itself, and loggers, which each part has, stand wherever they stand.
    """
    module, stood = homes.module, _stood(homes.module)
    stay = [unit for number, unit in enumerate(module.units)
            if homes.home.get(number, module.name) == module.name and number not in module.repeated]  # fmt: skip
    names = dict.fromkeys([
        *(name for unit in stay if unit.start < place.start for name in unit.defines),
        *(name for one in handed for name in one.names),
        *(name for unit in stay if unit.start >= place.start for name in unit.defines),
    ])  # fmt: skip
    order = [stood[name] for name in names if name not in module.made]
    return order == sorted(order)


def _stood(module: Module) -> dict[str, int]:
    """The position at which a module binds each of its names first."""
    names = dict.fromkeys(name for unit in module.units for name in unit.defines)
    return {name: position for position, name in enumerate(names)}


def guarded(handed: Iterable[Handed], asked: Asked) -> Iterator[str]:
    """The lines of the imports; where their order counts, with a word to whoever sorts imports."""
    texts = [one.text for one in handed]
    if asked.walked is None or len(texts) < 2:
        yield from texts
        return
    yield f"# The order counts: {asked.walked[0]} uses this module as a value."
    yield "# isort: off"
    yield from texts
    yield "# isort: on"
