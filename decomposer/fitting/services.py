"""The steps that bring each service below its limit: dead code, files that belong elsewhere, and its division."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from decomposer.model.config import CORE
from decomposer.model.fit import DIVIDE, MOVE, PRUNE, Part, ServiceFit, Step
from decomposer.placing.situation import Placement, Situation
from decomposer.placing.suggestions import Suggestion, changed

Suggest = Callable[[Situation], list[Suggestion]]
Divide = Callable[[Situation, Placement], Mapping[str, list[Suggestion]]]


_UNREACHED = "take out code that nothing reaches, of all contexts at once, after a look with --dry-run"


def fit_services(
    situation: Situation, pruned: Situation, core: int, core_of: Callable[[Placement], int], suggest: Suggest | None,
    divide: Divide | None,
) -> list[ServiceFit]:  # fmt: skip
    """The core and every context with what brings it below the limit.

    `pruned` is the situation without dead code; `core` are the lines that the core has, or is to have: it is nobody's
    to divide. `core_of` gives those of a placement of what is left. `suggest` finds files that belong elsewhere and
    `divide` parts of contexts; None where the solver is not there. They are asked about what is left, and only where a
    service is still too large.
    """
    names = situation.contexts
    now = situation.sizes(situation.now)
    sizes = pruned.sizes(pruned.now)
    steps: dict[str, list[Step]] = {name: [] for name in names}
    for name in _over(names, now, situation):
        if now[name] > sizes[name]:
            steps[name].append(Step(PRUNE, now[name] - sizes[name], sizes[name], "decompose prune --degree dead-code",
                                    _UNREACHED))  # fmt: skip
    placement = pruned.now
    if suggest is not None and _over(names, sizes, situation):
        placement = _moved(pruned, suggest(pruned), steps)
        sizes = pruned.sizes(placement)
    divided: Mapping[str, list[Suggestion]] = {}
    if divide is not None and _over(names, sizes, situation):
        divided = divide(pruned, placement)
    fits = [_fit(pruned, placement, ServiceFit(name, now[name], sizes[name], tuple(steps[name])), divided.get(name, []))
            for name in names]  # fmt: skip
    for one in [one for parts in divided.values() for one in parts]:
        placement = changed(placement, one.files, one.target)
    after = core_of(placement) if any(fit.steps for fit in fits) else core
    too_large = "share less: [[dependency]] in the rules" if after >= situation.limits.service else ""
    return [ServiceFit(CORE, core, after, (), too_large), *fits]


def _over(names: Iterable[str], sizes: Mapping[str, int], situation: Situation) -> list[str]:
    return [name for name in names if sizes[name] >= situation.limits.service]


def _moved(situation: Situation, found: list[Suggestion], steps: dict[str, list[Step]]) -> Placement:
    """The placement with every change that takes something out of a service that is too large; each is a step of it."""
    placement = situation.now
    taken: dict[str, list[Suggestion]] = {}
    for one in found:
        sizes = situation.sizes(placement)
        after = changed(placement, one.files, one.target)
        too_large = sizes[one.source] >= situation.limits.service if one.source else False
        if not too_large or one.needs or situation.sizes(after)[one.target] >= situation.limits.service:
            continue
        hard, then = situation.hard(placement), situation.hard(after)
        if then.worse_than(hard):
            continue
        placement = after
        taken.setdefault(one.source, []).append(one)
    numbers = ",".join(map(str, sorted(one.number for some in taken.values() for one in some)))
    for source, some in taken.items():  # by one command, for it numbers what is left anew
        steps[source].append(Step(
            MOVE, sum(one.lines for one in some), situation.sizes(placement)[source],
            f"decompose suggest --accept {numbers}", "; ".join(map(_belongs, some))
            + (", with what leaves other contexts" if taken.keys() - {source} else ""),
        ))  # fmt: skip
    return placement


def _belongs(one: Suggestion) -> str:
    first, *more = one.paths
    return f"{first}{f' and {len(more)} more' if more else ''} belongs to {one.target}: {one.reason.rstrip('.')}"


def _fit(situation: Situation, placement: Placement, fit: ServiceFit, divided: list[Suggestion]) -> ServiceFit:
    """The service with its division, where it has one, and what is in the way where that is not enough."""
    if divided:
        leaving = sum(part.lines for part in divided)
        calls = divided[0].after.calls - divided[0].before.calls
        step = Step(
            DIVIDE, leaving, fit.after - leaving, f"decompose suggest --accept {fit.context}",
            f"make {len(divided) + 1} services of it, {calls:+,} calls between services",
            tuple(Part(part.target, part.lines) for part in divided),
        )  # fmt: skip
        fit = replace(fit, after=step.left, steps=(*fit.steps, step))
    for one in divided:
        placement = changed(placement, one.files, one.target)
    return replace(fit, hindrance=_hindrance(situation, placement, fit))


def _hindrance(situation: Situation, placement: Placement, fit: ServiceFit) -> str:
    """What keeps a service, or a part of it, above the limit."""
    parts = [Part(fit.context, fit.after), *(part for step in fit.steps for part in step.parts)]
    names = {part.name for part in parts if part.lines >= situation.limits.service}
    if not names:
        return ""
    groups = [group for group in situation.groups() if {placement.get(path) for path in group} & names]
    largest = max(groups, key=lambda group: (sum(situation.lines[path] for path in group), group), default=())
    count = sum(situation.lines[path] for path in largest)
    if count < situation.limits.service:
        return "no division was found in the time that there is"
    if len(largest) == 1:
        return f"{largest[0]} alone has {count:,} lines: split it"
    return f"{len(largest)} files with {count:,} lines load each other in a circle or own one table: {largest[0]}, …"
