"""That the operations of the monolith are all there, each once, and as they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from decomposer.checks.answering import Answers, by_operation, is_own_affair, same_handler, swapped
from decomposer.checks.openapi import operation_differences, operations, other_differences, place
from decomposer.model.certificate import Check, checked
from decomposer.model.counting import counted
from decomposer.model.probes import Baseline, Operation, Probe, ServedRoute

SHOWN = 20
"""So many lines of one kind of trouble are told, and how many more there are."""


def monolith_openapi(before: Baseline, now: Probe, gone: Collection[Operation] = ()) -> Check:
    """That the monolith's OpenAPI is the baseline's, but for operations that have left with a cut-over."""
    old, new = before.probe.openapi, now.openapi
    trouble: list[str] = []
    for operation in sorted({*operations(old), *operations(new)}):
        if operation not in gone:
            trouble += _told(before, operation, operation_differences(old, new, operation))
    if not gone:
        trouble += _told(before, ("", ""), other_differences(old, new))
    counts = f"{counted(len(old.get('paths', {})), 'path')}, {counted(len(operations(old)), 'operation')}"
    return checked("monolith-openapi", "the monolith has the OpenAPI document it had, references expanded",
                   shortened(trouble), [counts, *_excluded(before)])  # fmt: skip


def monolith_routes(before: Baseline, now: Probe, gone: Collection[Operation] = ()) -> Check:
    """That every route of the monolith, hidden ones and websockets too, is answered by what answered before."""
    old, new = by_operation(before.probe.routes), by_operation(now.routes)
    trouble = [f"{' '.join(operation)} is gone" for operation in old if operation not in new and operation not in gone]
    trouble += [f"{' '.join(operation)} is new" for operation in new if operation not in old]
    for operation, (first, *_) in old.items():
        if operation in new and not is_own_affair(operation, first) and not same_handler(first, new[operation][0]):
            trouble.append(f"{' '.join(operation)} is answered by {_instead(first, new[operation][0])}")
        elif operation in new and first.dependencies != new[operation][0].dependencies:
            trouble.append(_dependencies(operation, first.dependencies, new[operation][0].dependencies))
    trouble += swapped(before.probe.routes, now.routes)
    return checked("monolith-routes", "each route of the monolith is answered as before, in the order it had",
                   shortened(trouble), [counted(len(before.probe.routes), "route")])  # fmt: skip


def one_owner(context: str, answered: Mapping[str, Answers], owners: Mapping[Operation, str]) -> Check:
    """That nobody else answers what this service answers, and that it is this context's."""
    trouble: list[str] = []
    for operation in answered[context].served:
        others = [other for other, what in answered.items() if other != context and operation in what.served]
        if others:
            trouble.append(f"{' '.join(operation)} is answered by {', '.join(sorted(others))} too")
        owner = owners.get(operation, "")
        if owner != context and owner in answered and owner not in others:
            trouble.append(f"{' '.join(operation)} belongs to {owner}")
    evidence = [counted(len(answered[context].served), "operation")]
    for operation in answered[context].shadowed:
        whose = owners.get(operation) or "the monolith"
        evidence.append(f"{' '.join(operation)}: its own route never answered, as in the monolith; it is {whose}'s")
    return checked("one-owner", "each operation has one owner", shortened(trouble), evidence)


def nothing_lost(context: str, answered: Mapping[str, Answers], owners: Mapping[Operation, str]) -> Check:
    """That the service answers whatever belongs to its context."""
    there = set(answered[context].served)
    trouble = [f"{' '.join(operation)} is not served" for operation, owner in sorted(owners.items())
               if owner == context and operation not in there]  # fmt: skip
    count = sum(owner == context for owner in owners.values())
    return checked("nothing-lost", "every operation of the context is served", shortened(trouble),
                   [f"{counted(count, 'operation')} {'belongs' if count == 1 else 'belong'} to it"])  # fmt: skip


def nothing_gained(found: Answers) -> Check:
    """That the service has no operation that was not there, but for health and documentation."""
    trouble = [f"{' '.join(operation)} was not there before" for operation in found.gained]
    return checked("nothing-gained", "nothing is served that was not there, but health and documentation", trouble)


def same_operations(before: Baseline, service: Probe, found: Answers) -> Check:
    """That each operation of the service is described as the monolith described it."""
    trouble: list[str] = []
    evidence: list[str] = []
    known = by_operation(before.probe.routes)
    compared = 0
    for operation in found.served:
        first = known[operation][0]
        visible = [route for route in known[operation] if not route.hidden]
        if visible and first.handler() != visible[-1].handler():
            evidence.append(f"{' '.join(operation)}: the monolith's document describes a later route, not the one that "
                            "answers; compared by handler only")  # fmt: skip
            continue
        compared += 1
        trouble += _told(before, operation, operation_differences(before.probe.openapi, service.openapi, operation))
    evidence.insert(0, f"{counted(compared, 'operation')} compared")
    return checked("same-operations", "each operation is described as before, references expanded",
                   shortened(trouble), [*evidence, *_excluded(before)])  # fmt: skip


def first_answer(before: Baseline, service: Probe, found: Answers) -> Check:
    """That the function that answered first answers now, and that overlapping routes are tried in the same order."""
    return checked("first-answer", "what answered first before answers now",
                   shortened([*found.wrong, *swapped(before.probe.routes, service.routes)]))  # fmt: skip


def same_dependencies(before: Baseline, service: Probe, found: Answers) -> Check:
    """That each route still depends on what it depended on, in that order."""
    old, new = by_operation(before.probe.routes), by_operation(service.routes)
    trouble = [
        _dependencies(operation, old[operation][0].dependencies, new[operation][0].dependencies)
        for operation in found.served
        if old[operation][0].dependencies != new[operation][0].dependencies
    ]
    return checked("dependencies", "each route has the dependencies it had", shortened(trouble))


def shortened(lines: list[str]) -> list[str]:
    """The first lines, and how many more there are."""
    return [*lines[:SHOWN], f"… {len(lines) - SHOWN} more"] if len(lines) > SHOWN else lines


def _instead(before: ServedRoute, now: ServedRoute) -> str:
    """What answers, and how that is not what answered before."""
    how = "whose code is another now" if before.handler() == now.handler() else f"not {before.handler()}"
    return f"{now.handler()}, {how}"


def _dependencies(operation: Operation, before: tuple[str, ...], now: tuple[str, ...]) -> str:
    lost = [name for name in before if name not in now]
    more = [name for name in now if name not in before]
    what = [f"lost {', '.join(lost)}"] if lost else []
    what += [f"has got {', '.join(more)}"] if more else []
    return f"{' '.join(operation)} {' and '.join(what) or 'has its dependencies in another order'}"


def _told(before: Baseline, operation: Operation, differences: list[str]) -> list[str]:
    """The differences that count: what varies from one start to the next does not."""
    name = " ".join(operation).strip() or "the document"
    return [f"{name}: {told}" for told in differences if place(operation, told) not in before.excluded]


def _excluded(before: Baseline) -> list[str]:
    lines = [f"not compared, since it differs from one start to the next: {where}" for where in before.excluded]
    return shortened(lines)
