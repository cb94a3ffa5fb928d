"""Where the names of a module are once it is split, and what each part imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from decomposer.splitting.module import Module


class Split(Struct, frozen=True):
    """Which units stay in a module and which go to new ones, by number; `order` as atoms have it."""

    kept: tuple[int, ...]
    parts: tuple[tuple[str, tuple[int, ...]], ...]
    order: tuple[tuple[int, int, str], ...] = ()


class Homes:
    """A module that is split: which part each of its units and names is in."""

    def __init__(self, module: Module, split: Split) -> None:
        self.module, self.split = module, split
        self.units: dict[str, tuple[int, ...]] = {module.name: split.kept, **dict(split.parts)}
        self.home = {number: name for name, numbers in self.units.items() for number in numbers}

    @cached_property
    def moved(self) -> dict[str, str]:
        """The names that a new module defines, with the module that hands them on."""
        return {name: where for name in self.module.definers
                if (where := self.provider(name, self.module.name)) not in ("", self.module.name)}  # fmt: skip

    @cached_property
    def _acting(self) -> dict[str, list[int]]:
        """Of each name the units that act on it while they load, in order."""
        found: dict[str, list[int]] = {}
        for later, earlier, name in self.split.order:
            found.setdefault(name, [earlier]).append(later)
        return found

    def provider(self, name: str, part: str) -> str:
        """The part from which another one gets a name that the module defines, its own where it has it; "" for none.

        What is changed while parts load comes from the part that changed it last, so that they load in order.
        """
        definers = self.module.definers.get(name, [])
        acting = [self.home[number] for number in (*definers[-1:], *self._acting.get(name, ()))]
        earlier = acting[: acting.index(part)] if part in acting else acting if definers else []
        return earlier[-1] if earlier else part if part in acting and definers else ""

    def needed(self, part: str, asked: Iterable[str] = ()) -> tuple[set[str], dict[str, str]]:
        """The names that a part gets from imports and loggers of its own, and those that it gets from other parts."""
        own: set[str] = set()
        others: dict[str, str] = {}
        waiting = [*asked, *self._used(part)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            provider = self.provider(name, part)
            if provider not in ("", part):
                others[name] = provider
            elif name in self.module.repeaters:
                own.add(name)
                for number in self.module.repeaters[name]:
                    waiting += self.module.units[number].uses
        return own, others

    def _used(self, part: str) -> Iterator[str]:
        for number in self.units[part]:
            unit = self.module.units[number]
            yield from unit.uses
            yield from unit.loads
            yield from unit.defines  # it may be imported first, and then given anew
        for number in self.module.repeated if part == self.module.name else ():
            if self.module.units[number].kind in ("logger", "optional"):  # they stay there, used or not
                yield from self.module.units[number].uses
