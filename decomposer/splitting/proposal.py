"""How a module would fall into cohesive ones: which units go where, how long each module gets, and why some stay."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from decomposer.facts.python import count_lines
from decomposer.splitting.asked import Asked
from decomposer.splitting.atoms import Atoms, read_atoms
from decomposer.splitting.clusters import SLIVER, Group, cluster
from decomposer.splitting.handing import handed_on, place_of
from decomposer.splitting.module import Module
from decomposer.splitting.naming import is_data, part_names, words
from decomposer.splitting.parts import Homes, Split
from decomposer.splitting.rendering import render

_MARGIN = 100
"""Lines; so much less than the limit is tried where the imports of a part turn out longer than thought."""


class Part(Struct, frozen=True):
    """One module of a proposal: its dotted name, its lines, and the names that it defines; `stays` is the old one."""

    module: str
    lines: int
    names: tuple[str, ...]
    stays: bool


class Proposal(Struct, frozen=True):
    """What is proposed for a module: its parts, the old one first, or `why` there are none.

    `stays` say why units stay that might have gone. `walked` is where the module is used as a value, if that is why.
    """

    module: str
    path: str
    lines: int
    parts: tuple[Part, ...]
    why: str
    stays: tuple[str, ...]
    split: Split | None = None
    walked: tuple[str, int] | None = None


def propose(
    module: Module, asked: Asked, limit: int, into: int | None = None, taken: Iterable[str] = ()
) -> Proposal:
    """The proposal for a module, whether it is too long or not; `taken` are names of modules beside it.

    `limit` is how many lines a module may have. With `into` there are to be so many modules.
    """
    atoms = read_atoms(module, asked.patched)
    if into is None and module.lines <= limit:
        return _nothing(module, atoms, limit)
    room = limit
    while True:
        proposal = _proposed(module, asked, atoms, room, into, taken)
        if proposal.why:
            return proposal
        found = proposal.parts or (Part(module.name, module.lines, tuple(module.definers), True),)
        over = [part.lines - limit for part in found if limit < part.lines and _could_be_shorter(module, part)]
        if into is not None or not over or room < limit - _MARGIN:
            return proposal if proposal.parts else _nothing(module, atoms, limit)
        room -= max(over)


def _could_be_shorter(module: Module, part: Part) -> bool:
    """Whether a part that is too long is so because of what was put together in it."""
    longest = max((module.span(number) for name in part.names for number in module.definers[name]), default=0)
    return len(part.names) > 1 and part.lines - longest > SLIVER


def _nothing(module: Module, atoms: Atoms, limit: int) -> Proposal:
    return Proposal(module.name, module.path, module.lines, (), _why(module, atoms, limit), atoms.reasons)


def _proposed(
    module: Module, asked: Asked, atoms: Atoms, room: int, into: int | None, taken: Iterable[str]
) -> Proposal:
    split = _split(module, atoms, _groups(module, atoms, room, into), taken)
    if split.parts and asked.walked and not _keeps_order(module, split, asked):
        why = _out_of_order(module, split)
        if atoms.stays < 0:  # all go, and the old one hands everything on
            others = None if into is None else max(2, into - 1)
            split = _split(module, atoms, [frozenset(), *_groups(module, atoms, room, others)], taken)
        if atoms.stays >= 0 or not _keeps_order(module, split, asked):
            return Proposal(module.name, module.path, module.lines, (), why, atoms.reasons, walked=asked.walked)
    if not split.parts:
        return Proposal(module.name, module.path, module.lines, (), "", atoms.reasons)
    lines = {name: count_lines(text) for name, text in render(module, split, asked).items()}
    found = [
        Part(name, lines[name], tuple(dict.fromkeys(n for number in numbers for n in module.units[number].defines)),
             name == module.name)
        for name, numbers in ((module.name, split.kept), *split.parts)
    ]  # fmt: skip
    return Proposal(module.name, module.path, module.lines, tuple(found), "", atoms.reasons, split)


def _split(module: Module, atoms: Atoms, groups: list[Group], taken: Iterable[str]) -> Split:
    """The split in which the first group stays, and each of the others is a new module."""
    parts = [sorted(number for atom in group for number in atoms.groups[atom]) for group in groups[1:]]
    prefix = f"{module.package}." if module.package else ""
    named = tuple((f"{prefix}{name}", tuple(part))
                  for name, part in zip(part_names(module, parts, taken), parts, strict=True))  # fmt: skip
    return Split(tuple(sorted(number for atom in groups[0] for number in atoms.groups[atom])), named, atoms.order)


def _keeps_order(module: Module, split: Split, asked: Asked) -> bool:
    """Whether whoever goes through the module would meet its names in the order in which they stand in it."""
    homes = Homes(module, split)
    return place_of(homes, asked, handed_on(homes, asked)) is not None


def _out_of_order(module: Module, split: Split) -> str:
    """Why a module cannot be split whose names have an order."""
    moved = min(min(numbers) for _, numbers in split.parts)
    kept = [(number > moved, name) for number in split.kept for name in module.units[number].defines]
    name = next((name for is_below, name in kept if is_below), kept[0][1])
    return f"`{name}` has to stay where it is, between names that would go, and their order counts"


def _groups(module: Module, atoms: Atoms, limit: int, into: int | None) -> list[Group]:
    """The groups of atoms, the one that stays in the old module first."""
    units = [frozenset(number for number in group) for group in atoms.groups]
    uses = [frozenset(name for number in group for name in module.units[number].uses) for group in atoms.groups]
    spoken = [frozenset(w for number in group for name in module.units[number].defines for w in words(name))
            for group in atoms.groups]  # fmt: skip
    data = [all(is_data(module.units[number]) for number in group) for group in atoms.groups]
    used_by: list[set[int]] = [set() for _ in atoms.groups]
    for user, used in atoms.leans:
        used_by[used].add(user)

    def size(group: Group) -> int:
        names = frozenset().union(*(uses[atom] for atom in group))
        repeated = {number for name in names for number in module.repeaters.get(name, ())}
        return bulk(group) + sum(module.span(number) for number in repeated) + 6

    def bulk(group: Group) -> int:
        return sum(module.span(number) for atom in group for number in units[atom])

    def likeness(one: Group, other: Group) -> float:
        def shared(of: list[frozenset[str]] | list[set[int]]) -> float:
            a: set[object] = set().union(*(of[atom] for atom in one))
            b: set[object] = set().union(*(of[atom] for atom in other))
            return len(a & b) / len(a | b) if a | b else 0.0

        alike = 0.4 * shared(used_by) + 0.2 * shared(spoken) + 0.2 * shared(uses)
        both = all(data[atom] for atom in one | other)
        return alike + (0.2 if both else 0.0)

    groups = cluster(atoms, size, bulk, likeness, limit, into)
    if atoms.stays >= 0:
        return groups
    leant = {used for user, used in atoms.leans for group in groups if used in group and user not in group}
    tops = [group for group in groups if not leant & group]
    stem = set(words(module.name.rpartition(".")[2]))

    def fits(group: Group) -> tuple[float, int, int]:
        said = [set(words(name)) for atom in group for number in units[atom] for name in module.units[number].defines]
        return max((len(stem & told) / len(stem | told) for told in said), default=0.0), size(group), -min(group)

    best = max(tops, key=fits, default=frozenset[int]())
    return [best, *(group for group in groups if group != best)]


def _why(module: Module, atoms: Atoms, limit: int) -> str:
    """Why a module does not fall apart."""
    if not module.movable:
        return "it holds nothing that could move"
    longest = max(module.movable, key=module.span)
    unit, lines = module.units[longest], module.span(longest)
    if lines > limit:
        name = unit.defines[0] if unit.defines else f"line {unit.line}"
        return f"nearly all of it is `{name}`, {lines:,} lines"
    if atoms.reasons:
        return f"what stays takes the rest with it: {atoms.reasons[0]}"
    if len(atoms.groups) == 1 and len(module.movable) > 1:
        return "everything in it leans on everything else in a circle"
    return "it is not longer than a module may be" if module.lines <= limit else "nothing in it is worth a module"
