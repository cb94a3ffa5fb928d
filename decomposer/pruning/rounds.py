"""Dead code taken out in as many rounds as it takes: what goes may have been all that something else was there for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from decomposer.changeset import ChangeSet, composed
from decomposer.extracting.tree import Tree
from decomposer.graph.link import is_test
from decomposer.model.config import CORE
from decomposer.model.dead_code import SURE, DeadCode
from decomposer.model.problems import Problem
from decomposer.pruning.change import Round, take_out
from decomposer.pruning.selecting import select

_NAMED = 8


class Pruned(Struct, frozen=True):
    """What all rounds come to: the change, the repository after it, what to know of it, and it in a few lines."""

    change_set: ChangeSet
    after: Tree
    problems: tuple[Problem, ...]
    summary: tuple[str, ...]


def prune(
    tree: Tree, find: Callable[[Tree], DeadCode], subjects: Sequence[str], degree: str, with_tests: bool
) -> Pruned:  # fmt: skip
    """The change that takes out what is named, or of a degree that is as sure ("" for none), as `find` finds it.

    With the last degree, once again until nothing is found: with a surer one that would take out what only dead code
    needed, which is less sure. With errors the change is not to be made. Raises DecomposerError for what is not dead.
    """
    first = take_out(tree, select(tree, find(tree), subjects, degree, with_tests))
    rounds = [first]
    while degree == SURE[-1] and rounds[-1].change_set.changes and not _stops(rounds[-1]):
        before = rounds[-1].after
        more = take_out(before, select(before, find(before), (), degree, with_tests))
        if _stops(more):  # it is for a run of its own to tell
            break
        rounds.append(more)
    change_set = ChangeSet()
    for one in rounds:
        change_set = composed(change_set, one.change_set)
    summary = () if _stops(first) or not change_set.changes else tuple(_summary(tree, rounds, change_set))
    return Pruned(change_set, rounds[-1].after, tuple(_told(rounds)), summary)


def _stops(one: Round) -> bool:
    return any(problem.severity == "error" for problem in one.problems)


def _told(rounds: Sequence[Round]) -> list[Problem]:
    """What is to be known, once, as the first round has it: lines are those of the files as they are."""
    found: dict[tuple[str, str, str], Problem] = {}
    for one in rounds:
        for problem in one.problems:
            found.setdefault((problem.path, problem.code, problem.message), problem)
    return sorted(found.values())


def _summary(tree: Tree, rounds: Sequence[Round], change_set: ChangeSet) -> Iterator[str]:
    """How many lines go, and of which contexts."""
    lines: Counter[str] = Counter()
    for change in change_set.changes:
        if not is_test(change.path):
            owner = tree.assignment.context(change.path) or "nobody"
            lines[owner] += (change.before or b"").count(b"\n") - (change.after or b"").count(b"\n")
    gone = {change.path for change in change_set.changes if change.after is None}
    findings = [finding for one in rounds for finding in one.selection.findings]
    modules = sum(not finding.name for finding in findings)
    parts = sum(bool(finding.name) and finding.path not in gone for finding in findings)
    told = [f"{modules} module{'' if modules == 1 else 's'}"] * bool(modules)
    told += [f"{parts} function{'' if parts == 1 else 's'} or class{'' if parts == 1 else 'es'}"] * bool(parts)
    yield f"{' and '.join(told)} less: {sum(lines.values()):,} lines"
    order = [CORE, *(context.name for context in tree.rule_set.contexts)]
    for context in sorted(lines, key=lambda name: (order.index(name) if name in order else len(order), name)):
        yield f"  {context}: {lines[context]:,}"
    later = [finding.subject() for one in rounds[1:] for finding in one.selection.findings]
    if later:
        more = f" and {len(later) - _NAMED} more" if len(later) > _NAMED else ""
        yield f"dead only when the others have gone: {', '.join(later[:_NAMED])}{more}"
    tests = sorted({path for one in rounds for path in one.selection.tests})
    if tests:
        yield f"with the tests that test nothing else: {', '.join(tests)}"
