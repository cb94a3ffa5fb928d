"""Quality figures: cases computed by hand, and definitions tried by brute force."""

from __future__ import annotations

import math
from collections.abc import Iterator

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.checks.agreement import adjusted_rand, agreement, distance, mojofm
from decomposer.checks.quality import entropy, modularity, outside_band, structure, transaction_entropy

SERVICES = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b"}
CALLS = {("a1", "a2"): 4, ("a2", "a1"): 1, ("a2", "a3"): 1, ("b1", "b2"): 2, ("a1", "b1"): 3, ("a3", "b1"): 1,
         ("a1", "a1"): 9, ("a1", "core"): 9}  # fmt: skip
"""In a two of the three pairs have a call, in b the one; two pairs of six are linked across, by 4 of 12 calls."""


def test_structure_is_what_a_hand_computes() -> None:
    """Calls of a module to itself, and to what has no service, do not count."""
    found = structure(CALLS, SERVICES)
    assert (2, 5, 12) == (found.services, found.modules, found.calls)
    assert found.cohesion == pytest.approx((2 / 9 + 1 / 4) / 2)
    assert found.coupling == pytest.approx(2 / (2 * 3 * 2))
    assert found.structural_modularity() == pytest.approx((2 / 9 + 1 / 4) / 2 - 1 / 6)
    assert found.structural_modularity_as_programmed() == pytest.approx((2 / 9 + 1 / 4) / 2 - 1 / 3)
    assert found.inter_calls == pytest.approx(4 / 12)
    damped = {n: math.log(n) + 1 for n in (1, 2, 3, 4)}
    assert found.inter_calls_log == pytest.approx(
        (damped[3] + damped[1]) / (damped[4] + damped[1] + damped[1] + damped[2] + damped[3] + damped[1])
    )
    assert 0.5 == found.interfaces  # only b1 is called from elsewhere
    assert 1.0 == found.interface_pairs


def test_nothing_to_compare_is_zero() -> None:
    """No service, or one alone without calls, has no figures that could mislead."""
    assert 0.0 == structure({}, {}).structural_modularity()
    alone = structure({}, {"a1": "a"})
    assert (0.0, 0.0, 0.0, 0.0) == (alone.coupling, alone.inter_calls, alone.interface_pairs, alone.modularity)


@given(st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.integers(1, 9), min_size=1),
       st.lists(st.integers(0, 3), min_size=8, max_size=8))  # fmt: skip
def test_modularity_is_networkx_own(calls: dict[tuple[int, int], int], groups: list[int]) -> None:
    """Q of a weighted, directed graph, as the library computes it."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(map(str, range(8)))
    graph.add_weighted_edges_from((str(a), str(b), n) for (a, b), n in calls.items())
    parts = [{str(m) for m in range(8) if groups[m] == group} for group in sorted(set(groups))]
    expected = networkx.community.modularity(graph, parts)
    found = modularity({(str(a), str(b)): n for (a, b), n in calls.items()},
                       {str(m): str(groups[m]) for m in range(8)})  # fmt: skip
    assert found == pytest.approx(expected)


def test_entropy_of_transactions() -> None:
    """One owner is 0, two equal ones ln 2; a transaction without tables does not count."""
    assert 0.0 == entropy([3])
    assert entropy([1, 1]) == pytest.approx(math.log(2))
    assert transaction_entropy([{"a": 2}, {"a": 1, "b": 1}, {}]) == pytest.approx(math.log(2) / 2)


def test_lines_outside_the_band() -> None:
    """Both ends belong to the band."""
    assert outside_band([500, 1500, 499, 1501], 500, 1500) == pytest.approx(2000 / 4000)
    assert 0.0 == outside_band([], 500, 1500)


def partitions(size: int) -> Iterator[tuple[int, ...]]:
    """Every grouping of so many elements: the group of each, numbered in order of appearance."""

    def grown(found: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(found) == size:
            yield found
            return
        for group in range(max(found, default=-1) + 2):
            yield from grown((*found, group))

    return grown(())


def numbered(groups: tuple[int, ...]) -> tuple[int, ...]:
    """The same grouping with its groups numbered in order of appearance."""
    order: dict[int, int] = {}
    return tuple(order.setdefault(group, len(order)) for group in groups)


def steps(groups: tuple[int, ...]) -> set[tuple[int, ...]]:
    """What one move of an element, or one join of two groups, makes of a grouping."""
    found = set()
    for at in range(len(groups)):
        for other in range(max(groups) + 2):
            found.add(numbered((*groups[:at], other, *groups[at + 1 :])))
    for one in set(groups):
        for other in set(groups):
            found.add(numbered(tuple(one if group == other else group for group in groups)))
    return found - {groups}


def test_mojo_is_the_fewest_moves_and_joins() -> None:
    """For all pairs of groupings of five elements, found by trying every way there is."""
    for start in partitions(5):
        far = {start: 0}
        waiting = [start]
        for old in waiting:
            for new in steps(old) - far.keys():
                far[new] = far[old] + 1
                waiting.append(new)
        for end, expected in far.items():
            assert expected == distance([(str(a), str(b)) for a, b in zip(start, end, strict=True)])
        assert len(list(partitions(5))) == len(far)


def test_mojofm_is_relative_to_the_farthest_grouping() -> None:
    """For each grouping of five elements the farthest of all others has 0, itself 1."""
    everything = list(partitions(5))
    for end in everything:
        values = [mojofm([(str(a), str(b)) for a, b in zip(start, end, strict=True)]) for start in everything]
        assert (0.0, 1.0) == (min(values), max(values))


def test_the_adjusted_rand_index_of_an_example() -> None:
    """The same grouping under other names is 1; the example's pairs are counted by hand."""
    assert 1.0 == adjusted_rand([("a", "x"), ("a", "x"), ("b", "y")])
    pairs = [("a", "x"), ("a", "x"), ("a", "y"), ("b", "y"), ("b", "y"), ("b", "y")]
    # together: C(2,2) + C(1,2) + C(3,2) = 4; by rows 3 + 3, by columns 1 + 6; expected 6 * 7 / 15 = 2.8
    assert adjusted_rand(pairs) == pytest.approx((4 - 2.8) / (6.5 - 2.8))


def test_agreement_tells_what_differs() -> None:
    """Files that only one of the two places are told, not counted."""
    found = agreement({"a": "x", "b": "x", "c": "y", "d": ""}, {"a": "x", "b": "y", "d": "x", "e": "x"})
    assert (2, (("b", "x", "y"),), ("d", "e")) == (found.files, found.others, found.unknown)
    assert found.mojofm < 1
