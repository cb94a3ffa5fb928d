"""The changes to a team's rules that make one placement another, each with its reason and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from decomposer.assigning.traits import below_package
from decomposer.placing.situation import Placement, Situation
from decomposer.placing.solver import best_placement


class Worth(Struct, frozen=True):
    """Figures of a placement that a change is judged by: calls and routes across services, the lines over limits."""

    calls: int
    transactions: int
    overrun: int


class Suggestion(Struct, frozen=True):
    """One change: files that go from a context ("" for nobody's) to another, as one rule would say it.

    `paths` are below the package. `before` and `after` are the figures of the rules as given, and with this change
    alone; `needs` are the numbers of those without which it would make something worse that must hold. `is_new` is a
    context that the change makes.
    """

    number: int
    paths: tuple[str, ...]
    files: tuple[str, ...]
    lines: int
    source: str
    target: str
    reason: str
    before: Worth
    after: Worth
    needs: tuple[int, ...] = ()
    is_new: bool = False


def suggestions(situation: Situation) -> list[Suggestion]:
    """The changes from the placement as it is to the best one, the most worthwhile first.

    Each pays for itself: a change that alone costs more calls and shared transactions than it saves would make room
    in one service with files that another has no use for, and no team would accept it. Raises DecomposerError where
    OR-tools is not installed.
    """
    staying: set[str] = set()
    while True:
        found = changes(situation, best_placement(situation, staying))
        idle = {path for one in found if not _pays(one) for path in one.files}
        if not idle:
            return found
        staying |= idle


def _pays(one: Suggestion) -> bool:
    gain = one.before.calls - one.after.calls + one.before.transactions - one.after.transactions
    return not one.source or gain > 0 or (gain == 0 and one.after.overrun < one.before.overrun)


def changes(situation: Situation, wished: Placement) -> list[Suggestion]:
    """The changes from the placement as it is to another.

    Files that go the same way and call each other are one change: half of it would be worth less than nothing.
    """
    before = worth(situation, situation.now)
    found = []
    for files in _together(situation, wished):
        source, target = situation.now.get(files[0], ""), wished[files[0]]
        after = worth(situation, changed(situation.now, files, target))
        gain = before.calls - after.calls + before.transactions - after.transactions
        found.append((gain, files, source, target, after))
    found.sort(key=lambda one: (-one[0], one[1]))
    told = []
    for number, (_, files, source, target, after) in enumerate(found, 1):
        paths = tuple(below_package(situation.config, path) for path in files)
        told.append(Suggestion(number, paths, files, sum(situation.lines[path] for path in files), source, target,
                               _reason(situation, files, source, target), before, after))  # fmt: skip
    return [_with_needs(situation, told, one) for one in told]


def divisions(situation: Situation, placement: Placement) -> dict[str, list[Suggestion]]:
    """Of each context that does not fit its limit in a placement the parts that would leave it; the rest stays.

    Raises DecomposerError where OR-tools is not installed.
    """
    from decomposer.placing.splitting import parts

    before = worth(situation, placement)
    found: dict[str, list[Suggestion]] = {}
    for context in situation.contexts:
        divided = parts(situation, placement, context)
        after = dict(placement)
        for name, files in divided.items():
            after.update(dict.fromkeys(files, name))
        total = worth(situation, after)
        for name, files in divided.items():
            if name == context:
                continue
            paths = tuple(below_package(situation.config, path) for path in files)
            lines = sum(situation.lines[path] for path in files)
            whole = situation.sizes(placement)[context]
            what = "A part" if lines < situation.limits.service else "What alone is over the limit, out"
            fits = " that fits the limit" if lines < situation.limits.service else ""
            reason = f"{what} of {context}{fits}: {context} has {whole:,} lines."
            found.setdefault(context, []).append(
                Suggestion(0, paths, files, lines, context, name, reason, before, total, (), True)
            )
    return found


def worth(situation: Situation, placement: Placement) -> Worth:
    """The figures of a placement."""
    return Worth(situation.crossing(placement), situation.quality(placement).shared, situation.hard(placement).overrun)


def changed(placement: Placement, files: Iterable[str], target: str) -> Placement:
    """A placement with files in another context."""
    return {**placement, **dict.fromkeys(files, target)}


def accepted(situation: Situation, chosen: Iterable[Suggestion]) -> Placement:
    """The placement with the changes chosen."""
    placement = situation.now
    for one in chosen:
        placement = changed(placement, one.files, one.target)
    return placement


def newly_owned(situation: Situation, chosen: Iterable[Suggestion]) -> int:
    """The lines of files that nobody owned before."""
    return sum(one.lines for one in chosen if not one.source)


def _with_needs(situation: Situation, every: list[Suggestion], one: Suggestion) -> Suggestion:
    """The change with the others named that it cannot do without: all of them where it cannot stand alone."""
    from msgspec import structs

    alone = situation.hard(accepted(situation, [one]))
    if not alone.worse_than(situation.hard(situation.now), newly_owned(situation, [one])):
        return one
    return structs.replace(one, needs=tuple(other.number for other in every if other.number != one.number))


def _together(situation: Situation, wished: Placement) -> list[tuple[str, ...]]:
    moved = sorted(path for path, context in wished.items() if situation.now.get(path, "") != context)
    way = {path: (situation.now.get(path, ""), wished[path]) for path in moved}
    group = {path: path for path in moved}
    linked = [(a, b) for a, b in situation.calls if way.get(a) is not None and way.get(a) == way.get(b)]
    for files in situation.groups():
        linked += [(files[0], path) for path in files[1:] if path in way and files[0] in way]
    for a, b in sorted(linked):
        old, new = group[b], group[a]
        if old != new:
            group = {path: new if leader == old else leader for path, leader in group.items()}
    found: dict[str, list[str]] = {}
    for path in moved:
        found.setdefault(group[path], []).append(path)
    return [tuple(files) for files in found.values()]


def _reason(situation: Situation, files: tuple[str, ...], source: str, target: str) -> str:
    """What speaks for a change, in the figures of the rules as given."""
    ties = situation.ties(files, situation.now)
    it = "It has" if len(files) == 1 else "They have"
    there, here = _calls(ties[target]), _calls(ties[source])
    if not source:
        return f"{it} {there} with {target}; nobody owns {'it' if len(files) == 1 else 'them'} yet."
    told = f"{it} {there} with {target}, {here} with {source}"
    limit, sizes = situation.limits.service, situation.sizes(situation.now)
    if sizes[source] >= limit > sizes[target] + sum(situation.lines[path] for path in files):
        told += f"; {source} is over the limit, and {target} has room"
    if ties[target] < ties[source]:
        tables = {name for name, owners in situation.table_files.items() if set(owners) & set(files)}
        routes = sum(1 for _, touched in situation.touched if tables & set(touched))
        told += f", and {routes} routes come to {'its' if len(files) == 1 else 'their'} tables"
    return told + "."


def _calls(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}" if count else "no calls"
