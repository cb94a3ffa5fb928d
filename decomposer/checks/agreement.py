"""How far two placements of the same files agree: MoJoFM and the adjusted Rand index (docs/quality.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import comb

from msgspec import Struct

from decomposer.graph.algorithms import largest_matching


class Agreement(Struct, frozen=True):
    """How far a placement agrees with one that a team gives, over the files that both place.

    `mojofm` is a share, 1 for the same groups, `adjusted_rand` 1 for the same and 0 for what chance makes. `others` are
    the files that the team places otherwise, each with its context here and there; `unknown` are those that it places
    and that are not here, or that nobody owns here.
    """

    files: int
    mojofm: float
    adjusted_rand: float
    others: tuple[tuple[str, str, str], ...]
    unknown: tuple[str, ...]


def agreement(found: Mapping[str, str], given: Mapping[str, str]) -> Agreement:
    """How far the contexts found by path agree with those given."""
    both = sorted(path for path in given if found.get(path))
    pairs = [(found[path], given[path]) for path in both]
    return Agreement(
        len(both), mojofm(pairs), adjusted_rand(pairs),
        tuple((path, found[path], given[path]) for path in both if found[path] != given[path]),
        tuple(sorted(given.keys() - set(both))),
    )  # fmt: skip


def mojofm(pairs: list[tuple[str, str]]) -> float:
    """MoJoFM of the first grouping to the second, both as one pair for each element; from 0 to 1.

    Wen and Tzerpos 2004: without the share that the fewest moves and joins, which make the first of the second, have
    in the most that any grouping could need.
    """
    if not pairs:
        return 1.0
    most = _farthest(Counter(theirs for _, theirs in pairs))
    return 1 - distance(pairs) / most if most else 1.0


def distance(pairs: list[tuple[str, str]]) -> int:
    """MoJo: the fewest moves of an element and joins of two groups that make the first grouping the second.

    Computed as Wen and Tzerpos (2003) prove: every group is filled up to one that it has most in common with, to as
    many different ones as a matching allows; the elements elsewhere move, and groups meant for the same are joined.
    """
    common = Counter(pairs)
    groups = sorted({mine for mine, _ in pairs})
    most = {group: max(n for (mine, _), n in common.items() if mine == group) for group in groups}
    tags = [pair for pair, n in sorted(common.items()) if n == most[pair[0]]]
    return len(pairs) - sum(most.values()) + len(groups) - largest_matching(tags)


def _farthest(sizes: Mapping[str, int]) -> int:
    """The most moves and joins that a grouping can be away from groups of these sizes."""
    kept = 0
    for size in sorted(sizes.values()):
        if kept < size:
            kept += 1
    return sum(sizes.values()) - kept


def adjusted_rand(pairs: list[tuple[str, str]]) -> float:
    """The adjusted Rand index of two groupings, as one pair for each element (Hubert and Arabie 1985)."""
    together = sum(comb(n, 2) for n in Counter(pairs).values())
    ours = sum(comb(n, 2) for n in Counter(mine for mine, _ in pairs).values())
    theirs = sum(comb(n, 2) for n in Counter(other for _, other in pairs).values())
    every = comb(len(pairs), 2)
    expected = ours * theirs / every if every else 0.0
    most = (ours + theirs) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0
