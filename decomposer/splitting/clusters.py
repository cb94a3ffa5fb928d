"""Which atoms make a module together: those that lean on each other, as long as no circle and no long file comes of it.

Groups are merged pair by pair, the closest first. networkx finds communities too, but none that have a most size and
must not lean on each other in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from decomposer.graph.algorithms import reach
from decomposer.splitting.atoms import Atoms

Group = frozenset[int]
Likeness = Callable[[Group, Group], float]

SMALL = 60
"""Lines; what is shorter goes with whatever it can, what is longer only with what it has to do with."""
SLIVER = 12
"""Lines; what is no longer goes with what it leans on or what leans on it, however long that is."""
ALIKE = 0.25
"""How alike two groups have to be to go together where neither leans on the other."""


def cluster(
    atoms: Atoms, size: Callable[[Group], int], bulk: Callable[[Group], int], likeness: Likeness, limit: int,
    into: int | None,
) -> list[Group]:  # fmt: skip
    """Groups of atoms in order; the one that has to stay comes first, where there is one.

    `size` gives the lines of a module made of atoms, `bulk` those of the atoms alone, `likeness` how much two groups
    have in common (0 to 1) besides their leaning on each other. Groups have at most `limit` lines, unless one atom
    alone has more, or there are to be `into` groups.
    """
    work = _Work(atoms, size, bulk, likeness)
    if into is None:
        work.merge(limit, 1, False)
    else:
        work.merge(limit, into, True)
        work.merge(0, into, True)
    return sorted(work.groups, key=lambda group: (atoms.stays not in group, min(group)))


class _Work:
    def __init__(
        self, atoms: Atoms, size: Callable[[Group], int], bulk: Callable[[Group], int], likeness: Likeness
    ) -> None:
        self.atoms, self.size, self.bulk, self.likeness = atoms, size, bulk, likeness
        self.groups: list[Group] = [frozenset({number}) for number in range(len(atoms.groups))]
        self.sizes: dict[Group, int] = {}

    def merge(self, limit: int, into: int, anyhow: bool) -> None:
        """Merges until there are so few groups or none can be merged; `anyhow` also what has nothing in common.

        With a limit of 0 there is none.
        """
        while len(self.groups) > into:
            pairs = self._pairs(limit, anyhow)
            if not pairs:
                return
            _, one, other = max(pairs, key=lambda pair: (pair[0], -min(pair[1] | pair[2]), -max(pair[1] | pair[2])))
            self.groups = [group for group in self.groups if group not in (one, other)] + [one | other]

    def _pairs(self, limit: int, anyhow: bool) -> list[tuple[float, Group, Group]]:
        """The pairs that may be merged, with how close they are."""
        leads = self._leads()
        found = []
        ordered = sorted(self.groups, key=min)
        for position, one in enumerate(ordered):
            for other in ordered[position + 1 :]:
                lines, least = self._lines(one | other), min(self.bulk(one), self.bulk(other))
                leaning = self._leaning(one, other)
                too_long = limit and lines > limit and not (leaning and least <= SLIVER and not anyhow)
                if too_long or not _may_merge(one, other, leads, self.atoms.stays):
                    continue
                alike = self.likeness(one, other)
                if anyhow or leaning or alike >= ALIKE or least <= SMALL:
                    found.append((leaning / (1 + leaning) + alike - (lines / (10 * limit) if limit else 0), one, other))
        return found

    def _lines(self, group: Group) -> int:
        if group not in self.sizes:
            self.sizes[group] = self.size(group)
        return self.sizes[group]

    def _leaning(self, one: Group, other: Group) -> int:
        leans = self.atoms.leans
        return sum(leans.get((a, b), 0) + leans.get((b, a), 0) for a in one for b in other)

    def _leads(self) -> dict[Group, set[Group]]:
        """Which groups each group leans on."""
        home = {number: group for group in self.groups for number in group}
        leads: dict[Group, set[Group]] = {group: set() for group in self.groups}
        for user, used in self.atoms.leans:
            if home[user] != home[used]:
                leads[home[user]].add(home[used])
        return leads


def _may_merge(one: Group, other: Group, leads: dict[Group, set[Group]], stays: int) -> bool:
    """Whether no circle comes of two groups becoming one, and nothing leans on the one that stays."""
    for begin, end in ((one, other), (other, one)):
        if end in _reached(leads[begin] - {end}, leads):
            return False
    if stays in one or stays in other:
        return not any(
            used in (one, other) for user, useds in leads.items() if user not in (one, other) for used in useds
        )
    return True


def _reached(groups: Iterable[Group], leads: dict[Group, set[Group]]) -> set[Group]:
    return reach(groups, leads)
