"""The application with every split made: what it serves, what imports, what resolves, and how its tests end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.realmoves.checking import Checker, kind
from benchmarks.realsplits.splitting import SplitResult


def look_at_all(checker: Checker, results: Sequence[SplitResult]) -> Iterator[str]:
    """Everything that is not as it was before any split."""
    yield from _unresolved(checker)
    if checker.interpreter is None:
        return
    made = [name for one in results for name in one.parts]
    with checker.aside() as root:
        booted = checker.interpreter.boot(root, checker.entry, list(dict.fromkeys([*checker.modules, *made])), made)
        tests = checker.interpreter.test(root)
    yield from _served(checker.served, booted["served"])
    was = {name: checker.imports.get(one.module, "?") for one in results for name in one.parts}
    for how, outcomes in (("when it is the first", booted["fresh"]), ("", booted["imports"])):
        for name, error in outcomes.items():
            if error and not was.get(name, checker.imports.get(name, "never told twice the same")):
                yield f"{name} does not import {how}: {error}"
    for name, outcome in checker.tests.items():
        if kind(tests.get(name, "gone")) != kind(outcome):
            yield f"test {name}: {outcome} before, {tests.get(name, 'gone')} now"


def _unresolved(checker: Checker) -> Iterator[str]:
    """What does not resolve and did before; an import that was broken may be so in several parts now."""
    before = {(kind, name) for _, kind, names in checker.unresolved for name in (names or ("",))}
    for one in checker.ask("analyze")["unresolved"]:
        yield from (f"{one['path']}: {one['kind']} of {name} does not resolve" for name in (one["names"] or ("",))
                    if (one["kind"], name) not in before)  # fmt: skip


def _served(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if after["error"]:
        yield f"it does not boot: {after['error']}"
        return
    if after["paths"] != before["paths"]:
        yield f"{before['paths']} paths before, {after['paths']} now"
    if after["routes"] != before["routes"]:
        yield "the routes are others, or in another order"
    for operation, contract in before["operations"].items():
        if after["operations"].get(operation) != contract:
            yield f"{operation} is not as it was"
