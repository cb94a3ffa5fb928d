"""Methods that belong together, as many as one class of its own may hold: by calls, attributes and words in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from decomposer.splitting.naming import telling_words

Group = frozenset[int]
_EVERYBODYS = 0.5
"""An attribute that more than this share of the methods name binds none of them together."""
_CALL, _SHARED, _SPOKEN, _BESIDE = 2.0, 1.0, 0.5, 0.1
"""How much a call, an attribute or a word of their names in common, and standing beside each other bind two methods."""


class Method(Struct, frozen=True):
    """A method, or several of one name: its name, its lines, and the attributes and methods of the object it names."""

    name: str
    lines: int
    uses: frozenset[str]


def companies(methods: Sequence[Method], room: int, most: int, least: int) -> list[Group]:
    """Groups of methods by number, in order; none has more than `room` lines, unless one method alone has.

    The two that are bound most are put together as long as there is room: on average over their pairs, so that a long
    group does not draw everything to itself. A group of
    fewer than `least` lines goes with another one as long as both have no more than `most`.
    """
    bonds = _bonds(methods)
    groups: list[Group] = [frozenset({number}) for number in range(len(methods))]

    def bond(one: Group, other: Group) -> float:
        found = sum(bonds.get((min(a, b), max(a, b)), 0.0) for a in one for b in other)
        return found / (len(one) * len(other))

    def lines(group: Group) -> int:
        return sum(methods[number].lines for number in group)

    for short, longest in ((0, room), (least, most)):
        while pairs := [
            (bond(one, other), -min(one | other), -max(one | other), one, other)
            for position, one in enumerate(groups) for other in groups[position + 1 :]
            if lines(one) + lines(other) <= longest
            and (min(lines(one), lines(other)) < short if short else bond(one, other) > _BESIDE)
        ]:  # fmt: skip
            *_, one, other = max(pairs, key=lambda pair: pair[:3])
            groups = sorted([*(group for group in groups if group not in (one, other)), one | other], key=min)
    return groups


def calls(methods: Sequence[Method]) -> dict[int, set[int]]:
    """Which methods each one names, by number; itself not among them."""
    number = {method.name: at for at, method in enumerate(methods)}
    return {at: {number[used] for used in method.uses if used in number} - {at} for at, method in enumerate(methods)}


def crossing(called: Mapping[int, Collection[int]], groups: Sequence[Group]) -> list[tuple[int, int]]:
    """The calls from a method of one group to one of another, as pairs of numbers."""
    home = {number: group for group in groups for number in group}
    return [(user, used) for user in sorted(home) for used in sorted(called[user])
            if used in home and home[used] != home[user]]  # fmt: skip


def _bonds(methods: Sequence[Method]) -> dict[tuple[int, int], float]:
    names = {method.name for method in methods}
    counts: dict[str, int] = {}
    for method in methods:
        for used in method.uses - names:
            counts[used] = counts.get(used, 0) + 1
    telling = {used for used, count in counts.items() if count <= max(2, _EVERYBODYS * len(methods))}
    spoken = [set(telling_words(method.name)) for method in methods]
    found: dict[tuple[int, int], float] = {}
    for a, one in enumerate(methods):
        for b in range(a + 1, len(methods)):
            other = methods[b]
            found[a, b] = (
                _CALL * ((other.name in one.uses) + (one.name in other.uses))
                + _SHARED * len(one.uses & other.uses & telling) + _SPOKEN * len(spoken[a] & spoken[b])
                + _BESIDE * (b == a + 1)
            )  # fmt: skip
    return found
