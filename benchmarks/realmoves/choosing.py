"""The moves that are tried: modules of all layers by turns, those with most kinds of references first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

ORDER = ("routers", "services", "domain", "models", "schemas", "utils", "storage", "core", "")
"""Layers that come first, in this order; "" are the modules at the top of the package."""

LARGE = 20
PACKAGE_EVERY = 7
NEW_PACKAGES = ("features", "parts.shared", "moved")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A module or package that may move, with its references: of how many kinds, and how many."""

    name: str
    is_package: bool
    kinds: int
    count: int

    @property
    def rank(self) -> tuple[int, int, str]:
        """What the best have least of."""
        return (-self.kinds, -self.count, self.name)


def choose_moves(graph: Mapping[str, Any], package: str, only: str = "*") -> Iterator[tuple[str, str]]:
    """Pairs of old and new names, the same for the same graph, as many as there are modules."""
    candidates = list(_candidates(graph, package))
    names = {one.name for one in candidates} | {package}
    layers = _layers(package, [one for one in candidates if not one.is_package])
    inner = sorted((one for one in candidates if one.is_package), key=lambda one: (one.name.count(".") < 2, *one.rank))
    homes = [f"{package}.{layer}" for layer in layers if f"{package}.{layer}" in names]
    single, packages = _by_turns(layers), iter(inner)
    number = 0
    while True:
        number += 1
        picked = next(packages, None) if number % PACKAGE_EVERY == 0 else None
        picked = picked or next(single, None)
        if picked is None:
            return
        if fnmatchcase(picked.name, only) and (new := _target(picked.name, number, package, homes, names)):
            yield picked.name, new


def _candidates(graph: Mapping[str, Any], package: str) -> Iterator[Candidate]:
    kinds: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for edge in graph["edges"]:
        if edge["target"]:
            kinds[edge["target"]][edge["kind"]] += 1
    for node in graph["nodes"]:
        name: str = node["name"]
        if node["role"] in ("module", "package") and name.startswith(f"{package}.") and not node["error"]:
            found = kinds[name]
            yield Candidate(name, node["path"].endswith("/__init__.py"), len(found), sum(found.values()))


def _layers(package: str, candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    layers: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        parts = one.name.removeprefix(f"{package}.").split(".")
        if parts[-1] != "__main__":
            layers[parts[0] if len(parts) > 1 else ""].append(one)
    order = {layer: place for place, layer in enumerate(ORDER)}
    ordered = sorted(layers, key=lambda layer: (order.get(layer, len(ORDER)), -len(layers[layer]), layer))
    return {layer: sorted(layers[layer], key=lambda one: one.rank) for layer in ordered}


def _by_turns(layers: Mapping[str, Sequence[Candidate]]) -> Iterator[Candidate]:
    """One of each layer and two of each large one, again and again."""
    waiting = {layer: list(reversed(found)) for layer, found in layers.items()}
    while any(waiting.values()):
        for layer, left in waiting.items():
            for _ in range(2 if len(layers[layer]) > LARGE else 1):
                if left:
                    yield left.pop()


def _target(name: str, number: int, package: str, homes: Sequence[str], names: set[str]) -> str:
    """By turns a package that is there, a new one, the top of the package; every third with a new last part."""
    parent, _, last = name.rpartition(".")
    last = f"{last}_renamed" if number % 3 == 0 else last
    others = [home for home in homes if home != parent and not home.startswith(name)]
    new = f"{package}.{NEW_PACKAGES[number % len(NEW_PACKAGES)]}"
    there = others[number % len(others)] if others else new
    places = ((there, new, there, package, there), (new, there, there, new, there))[number % 2]
    place = places[number % len(places)]
    for home in (place, new):
        if home != parent and f"{home}.{last}" not in names:
            return f"{home}.{last}"
    return ""
