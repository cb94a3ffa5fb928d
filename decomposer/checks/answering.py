"""Who answers which operation: the baseline's first answer, what each service serves of it, and who is to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from decomposer.model.probes import Operation, ServedRoute

HEALTH = frozenset({"/health", "/health/live", "/health/ready", "/healthz", "/livez", "/readyz", "/metrics"})
"""Paths that every service may serve for itself."""

Owners = Mapping[tuple[str, str, str], str]
"""The context that a route belongs to, by method, path and handler."""


def is_own_affair(operation: Operation, route: ServedRoute) -> bool:
    """Whether every application has this for itself: health, metrics, and FastAPI's documentation."""
    return operation[1] in HEALTH or (route.module.partition(".")[0] in ("fastapi", "starlette") and route.hidden)


def by_operation(routes: Iterable[ServedRoute]) -> dict[Operation, list[ServedRoute]]:
    """The routes of each operation in the order in which they are tried: the first one answers."""
    found: dict[Operation, list[ServedRoute]] = {}
    for route in routes:
        for operation in route.operations():
            found.setdefault(operation, []).append(route)
    return found


def same_handler(one: ServedRoute, other: ServedRoute) -> bool:
    """Whether the same function answers, as far as names and what the function says can tell.

    It may have gone to a part of its module, when that was split: that is called after the module.
    """
    if one.handler() != other.handler():
        first, last = (route.module.rpartition(".")[2] for route in (one, other))
        return one.endpoint == other.endpoint and last.startswith(f"{first}_") and one.code == other.code != ""
    return not one.code or not other.code or one.code == other.code


class Answers(Struct, frozen=True):
    """What one service answers.

    `served` are the operations that it answers in the monolith's stead, `shadowed` those for which it has a route that
    never answered there (another was tried first), `gained` those that were not there. `wrong` says which are answered
    by something else than before.
    """

    served: tuple[Operation, ...]
    shadowed: tuple[Operation, ...]
    gained: tuple[Operation, ...]
    wrong: tuple[str, ...]


def answers(before: Sequence[ServedRoute], now: Sequence[ServedRoute]) -> Answers:
    """What a service's routes do, seen from the baseline's."""
    known = by_operation(before)
    served: list[Operation] = []
    shadowed: list[Operation] = []
    gained: list[Operation] = []
    wrong: list[str] = []
    for operation, routes in by_operation(now).items():
        first = routes[0]
        if is_own_affair(operation, first):
            continue
        if operation not in known:
            gained.append(operation)
            continue
        winner, *others = known[operation]
        if same_handler(winner, first):
            served.append(operation)
        elif any(same_handler(other, first) for other in others):
            shadowed.append(operation)
        else:
            served.append(operation)
            how = "whose code is another now" if winner.handler() == first.handler() else f"not {winner.handler()}"
            wrong.append(f"{' '.join(operation)} is answered by {first.handler()}, {how}")
    return Answers(tuple(served), tuple(shadowed), tuple(gained), tuple(wrong))


def owner_key(module: str, function: str) -> str:
    """What names a route's handler both where it is read and where it runs: the last parts of module and function."""
    return f"{module.rpartition('.')[2]}:{function.rpartition('.')[2]}"


def owners_of(before: Sequence[ServedRoute], owners: Owners) -> dict[Operation, str]:
    """The context that each operation's first answer belongs to, "" where that is not known."""
    found: dict[Operation, str] = {}
    for operation, routes in by_operation(before).items():
        if not is_own_affair(operation, routes[0]):
            found[operation] = owners.get((*operation, owner_key(routes[0].module, routes[0].endpoint)), "")
    return found


def swapped(before: Sequence[ServedRoute], now: Sequence[ServedRoute]) -> list[str]:
    """Pairs of routes that can match one path and are tried in another order than before."""
    order: dict[tuple[Operation, str], int] = {}
    for position, route in enumerate(before):
        for operation in route.operations():
            order.setdefault((operation, route.handler()), position)
    placed: list[tuple[int, Operation]] = []
    for route in now:
        for operation in route.operations():
            if (operation, route.handler()) in order:
                placed.append((order[operation, route.handler()], operation))
    found = []
    for index, (position, operation) in enumerate(placed):
        for later_position, later in placed[index + 1 :]:
            if later_position < position and operation != later and _overlap(operation, later):
                found.append(f"{' '.join(operation)} is tried before {' '.join(later)}, which it was not")
    return found


def _overlap(one: Operation, other: Operation) -> bool:
    """Whether a request may match both."""
    if one[0] != other[0] and "MOUNT" not in (one[0], other[0]):
        return False
    first, second = one[1].strip("/").split("/"), other[1].strip("/").split("/")
    for number, (a, b) in enumerate(zip(first, second, strict=False)):
        if a.endswith(":path}") or b.endswith(":path}"):
            return True
        if a != b and "{" not in a and "{" not in b:
            return False
        if (one[0] == "MOUNT" and number == len(first) - 1) or (other[0] == "MOUNT" and number == len(second) - 1):
            return True
    return len(first) == len(second)
