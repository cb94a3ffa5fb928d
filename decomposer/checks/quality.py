"""How good a placement is, in the figures that the literature measures placements with (docs/quality.md)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

Calls = Mapping[tuple[str, str], int]
"""How often one module calls another, by `(caller, called)`."""
Services = Mapping[str, str]
"""The service of each module that one has."""


class Structure(Struct, frozen=True):
    """How tightly services hold together and how loosely with each other; the sources are in docs/quality.md.

    `cohesion` is the mean over services, `coupling` the mean over pairs of services. Each of the two ways to normalise
    structural modularity that are in print has its name: as the formula is written each pair of services counts once,
    as Mono2Micro's own program counts it twice. `inter_calls` and `inter_calls_log` are shares, of all calls and with
    many calls between two modules damped. `interfaces` are modules that other services call, and `interface_pairs`
    pairs of modules with a call from service to service, each per service. `modularity` is Newman's Q.
    """

    services: int
    modules: int
    calls: int
    cohesion: float
    coupling: float
    inter_calls: float
    inter_calls_log: float
    interfaces: float
    interface_pairs: float
    modularity: float

    def structural_modularity(self) -> float:
        """Cohesion without coupling, as FoSCI and Mono2Micro write the formula: more is better."""
        return self.cohesion - self.coupling

    def structural_modularity_as_programmed(self) -> float:
        """The same as the program counts that Mono2Micro's published figures are of: coupling weighs twice."""
        return self.cohesion - 2 * self.coupling


def structure(calls: Calls, services: Services) -> Structure:
    """The figures of services whose modules call each other; what has no service, or calls itself, does not count."""
    between = {
        pair: count for pair, count in calls.items() if pair[0] != pair[1] and services.keys() >= {*pair} and count > 0
    }
    sizes = Counter(services.values())
    linked = {(min(pair), max(pair)) for pair in between}
    within: Counter[str] = Counter()
    across: Counter[tuple[str, str]] = Counter()
    for one, other in linked:
        mine, theirs = services[one], services[other]
        if mine == theirs:
            within[mine] += 1
        else:
            across[min(mine, theirs), max(mine, theirs)] += 1
    pairs = len(sizes) * (len(sizes) - 1) / 2
    crossing = {pair: count for pair, count in between.items() if services[pair[0]] != services[pair[1]]}
    return Structure(
        len(sizes), len(services), sum(between.values()),
        _share(sum(within[name] / size**2 for name, size in sorted(sizes.items())), len(sizes)),
        _share(sum(n / (2 * sizes[a] * sizes[b]) for (a, b), n in sorted(across.items())), pairs),
        _share(sum(crossing.values()), sum(between.values())),
        _share(_damped(crossing.values()), _damped(between.values())),
        _share(len({called for _, called in crossing}), len(sizes)),
        _share(sum(across.values()), len(sizes)),
        modularity(between, services),
    )  # fmt: skip


def modularity(calls: Calls, services: Services) -> float:
    """Newman's modularity Q of a weighted, directed graph of calls (Leicht and Newman 2008); 0 without calls.

    The same as networkx computes, which takes longer to import than all of these figures to compute.
    """
    total = sum(calls.values())
    if not total:
        return 0.0
    inner: Counter[str] = Counter()
    out: Counter[str] = Counter()
    into: Counter[str] = Counter()
    for (caller, called), count in calls.items():
        mine, theirs = services[caller], services[called]
        out[mine] += count
        into[theirs] += count
        if mine == theirs:
            inner[mine] += count
    return sum(inner[name] / total - out[name] * into[name] / total**2 for name in sorted(out | into))


def outside_band(lines: Iterable[int], least: int, most: int) -> float:
    """The share of all lines that are in services smaller or larger than wished (non-extreme distribution)."""
    sizes = list(lines)
    return _share(sum(size for size in sizes if not least <= size <= most), sum(sizes))


def transaction_entropy(touched: Iterable[Mapping[str, int]]) -> float:
    """The mean entropy, in nats, of the contexts that own the tables which a transaction touches; 0 is the best.

    `touched` has the number of tables by context of each transaction; one that touches none does not count.
    """
    found = [entropy(tables.values()) for tables in touched if tables]
    return _share(sum(found), len(found))


def entropy(counts: Iterable[int]) -> float:
    """The entropy of a distribution, in nats."""
    kept = [count for count in counts if count]
    total = sum(kept)
    return -sum(count / total * math.log(count / total) for count in kept) + 0.0


def _damped(counts: Iterable[int]) -> float:
    return math.fsum(math.log(count) + 1 for count in sorted(counts))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
