"""Contexts that do not fit their limit in parts that do, named with words of their own code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from decomposer.assigning.traits import below_package
from decomposer.placing.situation import Placement, Situation
from decomposer.placing.solver import search, solver

_EFFORT = 1.5
_FULL = 85
"""How many percent of the limit the parts are to fill on average, so that they can hold together what belongs so."""
_COMMON = frozenset({"services", "service", "routers", "router", "domain", "models", "schemas", "app", "utils", "init",
                     "api", "main", "manager", "base", "engine", "system", "core", "types", "enhanced", "simple",
                     "advanced", "py", "storage", "contexts", "integration"})  # fmt: skip


def parts(situation: Situation, placement: Placement, context: str) -> dict[str, tuple[str, ...]]:
    """The files of each part of a context by its name; the first keeps the context's. {} where none is needed.

    The parts load each other in one direction only, each has fewer lines than the limit (but for a file that alone has
    more), and as few calls as can be go from part to part.
    """
    own = sorted(path for path, name in placement.items() if name == context)
    total, most = sum(situation.lines[path] for path in own), situation.limits.service - 1
    if total <= most:
        return {}
    groups = [tuple(path for path in group if path in set(own)) for group in situation.groups()]
    groups = [group for group in groups if group]
    count = -(-total * 100 // (most * _FULL))
    while count <= len(groups):
        found = _divided(situation, groups, count)
        if found is not None:
            return _named(situation, context, found)
        count += 1
    return {}


def _divided(situation: Situation, groups: list[tuple[str, ...]], count: int) -> list[list[str]] | None:
    model = solver()()
    of_path = {path: number for number, group in enumerate(groups) for path in group}
    sizes = [sum(situation.lines[path] for path in group) for group in groups]
    most = situation.limits.service - 1
    place = [[model.new_bool_var("") for _ in range(count)] for _ in groups]
    at = [sum(part * variable for part, variable in enumerate(row)) for row in place]
    for row in place:
        model.add_exactly_one(row)
    for part in range(count):  # what alone is larger has a part of its own
        model.add(sum(min(size, most) * row[part] for size, row in zip(sizes, place, strict=True)) <= most)
    for user, used in situation.loads:
        if user in of_path and used in of_path and of_path[user] != of_path[used]:
            model.add(at[of_path[user]] <= at[of_path[used]])
    ties: Counter[tuple[int, int]] = Counter()
    for (a, b), calls in situation.calls.items():
        if a in of_path and b in of_path and of_path[a] != of_path[b]:
            ties[min(of_path[a], of_path[b]), max(of_path[a], of_path[b])] += calls
    cost = []
    for (one, other), calls in sorted(ties.items()):
        apart = model.new_bool_var("")
        for part in range(count):
            model.add(place[one][part] - place[other][part] <= apart)
        cost.append(calls * apart)
    model.minimize(sum(cost))
    found = search(model, _EFFORT)
    if found is None:
        return None
    divided: list[list[str]] = [[] for _ in range(count)]
    for group, row in zip(groups, place, strict=True):
        divided[next(part for part, variable in enumerate(row) if found.boolean_value(variable))] += group
    return [sorted(files) for files in divided if files]


def _named(situation: Situation, context: str, divided: list[list[str]]) -> dict[str, tuple[str, ...]]:
    """The parts by name: the one most like the context keeps its name, each other adds a word that tells it apart."""
    config = situation.config
    words = [Counter(word for path in files for word in _words(below_package(config, path))) for files in divided]
    everywhere = sum(words, Counter[str]())
    like = set(context.split("-"))
    keeps = max(range(len(divided)), key=lambda n: (sum(words[n][word] for word in like), len(divided[n]), -n))
    found = {context: tuple(divided[keeps])}
    for number, files in enumerate(divided):
        if number != keeps:
            told = sorted((word for word in words[number] if word not in like),
                          key=lambda w: (-words[number][w] ** 2 / everywhere[w], w))  # fmt: skip
            name = next((f"{context}-{word}" for word in told if _is_free(situation, found, f"{context}-{word}")), "")
            found[name or f"{context}-part{number + 1}"] = tuple(files)
    return found


def _is_free(situation: Situation, taken: Iterable[str], name: str) -> bool:
    return name not in taken and name not in situation.contexts


def _words(path: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", path.removesuffix(".py").lower())
            if len(word) > 2 and word not in _COMMON}  # fmt: skip
