"""That nothing was lost on the way: tests, and references that led somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from decomposer.checks.contract import shortened
from decomposer.model.certificate import NOT_CHECKED, Check, checked
from decomposer.model.counting import counted
from decomposer.model.probes import Tests, Unresolved

GOOD = ("passed", "skipped", "xskipped", "xpassed")


def same_tests(before: Tests | None, after: Sequence[Tests]) -> Check:
    """That every test of the baseline is still there and ends as it did, wherever its file lies now."""
    claim = "the same tests are there and end as they did"
    if before is None or not before.outcomes:
        return Check("tests", claim, NOT_CHECKED, ("the baseline has no tests: record it with --tests FOLDER",))
    trouble = [tests.error for tests in after if tests.error]
    old = Counter((_name(test), outcome) for test, outcome in before.outcomes)
    new = Counter((_name(test), outcome) for tests in after for test, outcome in tests.outcomes)
    now = dict(list(new - old))
    for name, outcome in sorted(old - new):
        trouble.append(f"{name}: {now.get(name, 'is gone')}, was {outcome}")
    known = {name for name, _ in old}
    trouble += [f"{name}: {outcome}, is new" for name, outcome in sorted(new - old)
                if name not in known and outcome not in GOOD]  # fmt: skip
    return checked("tests", claim, shortened(trouble), [counted(len(before.outcomes), "test")])


def nothing_newly_unresolved(before: Sequence[Unresolved], after: Sequence[Unresolved]) -> Check:
    """That every reference which leads nowhere led nowhere before."""
    known = {reference.key() for reference in before}
    trouble = [
        f"{reference.path}:{reference.line}: {', '.join(reference.names) or reference.kind} ({reference.reason})"
        for reference in after
        if reference.key() not in known
    ]
    return checked("references", "no reference leads nowhere that led somewhere", shortened(trouble),
                   [f"{len(after)} unresolved now, {len(before)} before"])  # fmt: skip


def _name(test: str) -> str:
    """A test's id without the folders above its file, which may move."""
    path, separator, rest = test.partition("::")
    return f"{path.rpartition('/')[2]}{separator}{rest}"
