"""What of a module cannot be parted: units that belong together, what each leans on, and what has to stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from decomposer.graph.algorithms import reach, strongly_connected
from decomposer.model.units import Unit
from decomposer.splitting.module import Module
from decomposer.syntax.units import OWN

_TASKS = frozenset({"task", "shared_task", "periodic_task"})


class Atoms(Struct, frozen=True):
    """Groups of units by number, each sorted; `leans` has `(user, used)` with how many names it uses of it.

    `stays` is the group that has to stay in the module, -1 for none; nothing else leans on it. `reasons` say why the
    units stay that others follow. `order` has `(later, earlier, name)` of units that change one thing while they load.
    """

    groups: tuple[tuple[int, ...], ...]
    leans: Mapping[tuple[int, int], int]
    stays: int
    reasons: tuple[str, ...]
    order: tuple[tuple[int, int, str], ...]


def read_atoms(module: Module, patched: Mapping[str, str]) -> Atoms:
    """The atoms of a module; `patched` are names that somebody gives other values from outside, and where."""
    order = tuple(_order(module))
    leans = _leans(module, order)
    glued = [*_same_name(module), *_loaded_between(module)]
    reasons = dict(_stay(module, patched))
    glued += [(other, one) for one, other in glued]
    users: dict[int, list[int]] = {}
    for user, used in (*leans, *glued):
        users.setdefault(used, []).append(user)
    stay = sorted(reach(reasons, users))
    glued += [pair for number in stay for pair in ((stay[0], number), (number, stay[0]))]
    home = {number: group for group in strongly_connected((*leans, *glued)) for number in group}
    groups = sorted({home.get(number, (number,)) for number in module.movable})
    atom_of = {number: position for position, group in enumerate(groups) for number in group}
    between: dict[tuple[int, int], int] = {}
    for (user, used), count in leans.items():
        pair = atom_of[user], atom_of[used]
        if pair[0] != pair[1]:
            between[pair] = between.get(pair, 0) + count
    said = tuple(_said(module.units[number], why) for number, why in reasons.items())
    return Atoms(tuple(groups), between, atom_of[stay[0]] if stay else -1, said, order)


def bound_to(module: Module, patched: Mapping[str, str], number: int) -> dict[str, str]:
    """The names that can be used only where a unit stands, each with why: what stays, what uses the unit, and more.

    `patched` are as for `read_atoms`.
    """
    users: dict[int, list[int]] = {}
    for user, used in _leans(module, tuple(_order(module))):
        users.setdefault(used, []).append(user)
    others = {used: found for used, found in users.items() if used != number}
    reasons = {other: why for other, why in _stay(module, patched) if other != number}
    found = dict.fromkeys(OWN, "it asks which module it stands in")
    for other in sorted((reach(reasons, others) | reach([number], users)) - {number}):
        found |= dict.fromkeys(module.units[other].defines, f"it {reasons.get(other, 'leads to what stays')}")
    found |= {name: "a function gives it another value" for unit in module.units for name in unit.rebinds}
    return found | {name: f"it is replaced in this module from {place}" for name, place in patched.items()}


def _said(unit: Unit, why: str) -> str:
    """Why a unit stays, as a sentence."""
    return f"`{unit.defines[0]}` {why}" if unit.defines else f"line {unit.line} {why}"


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _leans(module: Module, order: Iterable[tuple[int, int, str]]) -> dict[tuple[int, int], int]:
    """Which unit uses names of which: `(user, used)` with how many."""
    found: dict[tuple[int, int], int] = {}
    last = {name: later for later, _, name in order}
    acting = {(number, name) for later, earlier, name in order for number in (later, earlier)}
    for number in module.movable:
        unit = module.units[number]
        for name in unit.uses | unit.loads:
            used = list(module.definers.get(name, ()))
            if name in last and (number, name) not in acting:
                used.append(last[name])
            for other in used:
                if other != number:
                    found[number, other] = found.get((number, other), 0) + 1
    for later, earlier, _ in order:
        found[later, earlier] = found.get((later, earlier), 0) + 1
    return found


def _order(module: Module) -> Iterator[tuple[int, int, str]]:
    """Units that act on one thing while the module loads, each with the one before it."""
    plain = {name for number in module.repeated for name in module.units[number].defines
             if not any(site.is_from for site in module.imports.get(number, ()))}  # fmt: skip
    last: dict[str, int] = {}
    for number in module.movable:
        for name in sorted(module.units[number].acts - plain):
            if name in last:
                yield number, last[name], name
            last[name] = number


def _same_name(module: Module) -> Iterator[tuple[int, int]]:
    for numbers in module.definers.values():
        yield from ((numbers[0], number) for number in numbers[1:])


def _loaded_between(module: Module) -> Iterator[tuple[int, int]]:
    """Units that use, while they load, a name that is given anew later on."""
    for name, numbers in module.definers.items():
        for number in module.movable if len(numbers) > 1 else ():
            if numbers[0] < number < numbers[-1] and name in module.units[number].loads:
                yield numbers[0], number


def _stay(module: Module, patched: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The units that have to stay where they are, and why: what is to be said of each."""
    rebound = {name for unit in module.units for name in unit.rebinds}
    for number in module.movable:
        unit = module.units[number]
        anew = sorted(rebound & {*unit.uses, *unit.defines, *unit.rebinds})
        replaced = sorted(patched.keys() & (unit.uses | unit.loads))
        if unit.kind in ("effect", "main", "exports") or any(_is_special(name) for name in unit.defines):
            yield number, "is about the module itself"
        elif unit.maybe:
            yield number, "is defined under a condition only"
        elif unit.own:
            yield number, "asks which module it stands in"
        elif anew:
            yield number, f"uses `{anew[0]}`, which a function gives another value"
        elif any(name.rpartition(".")[2] in _TASKS for name in unit.decorators):
            yield number, "is a task that is named after the module"
        elif replaced:
            yield number, f"uses `{replaced[0]}`, which is replaced in this module from {patched[replaced[0]]}"
