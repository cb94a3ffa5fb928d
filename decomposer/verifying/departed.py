"""What the monolith is compared with when contexts have been cut over: the baseline without what went with them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from decomposer.checks.answering import Answers, Owners, by_operation, is_own_affair, owner_key, owners_of
from decomposer.checks.carrying_on import same_tests
from decomposer.checks.contract import shortened
from decomposer.checks.openapi import METHODS
from decomposer.graph.link import is_test
from decomposer.model.certificate import NOT_CHECKED, Check, checked
from decomposer.model.counting import counted
from decomposer.model.probes import Baseline, Operation, Probe, ServedRoute, Tests, Unresolved
from decomposer.planning.states import routed_away
from decomposer.shell import disk
from decomposer.verifying.places import Places


class Departed(Struct, frozen=True):
    """The contexts that the monolith no longer finds, and what is left of the baseline for it.

    `changed` are operations that another route answers in the monolith now: how the document describes them is not
    compared. `tests` are the names of files with tests that exercise what is gone, `named` all tests' references to it.
    """

    contexts: frozenset[str] = frozenset()
    left: Baseline | None = None
    changed: frozenset[Operation] = frozenset()
    tests: frozenset[str] = frozenset()
    named: frozenset[Unresolved] = frozenset()

    def baseline(self, before: Baseline) -> Baseline:
        """What the monolith is to be compared with."""
        return self.left if self.left is not None else before


def departed(places: Places, before: Baseline, owners: Owners, unresolved: Collection[Unresolved]) -> Departed:
    """What has been cut over, as the tree tells: a context with a service that no package of the monolith leads to."""
    contexts = frozenset(routed_away(places.config, places.contexts))
    if not contexts:
        return Departed()

    def goes(operation: Operation, route: ServedRoute) -> bool:
        return owners.get((*operation, owner_key(route.module, route.endpoint)), "") in contexts

    old = by_operation(before.probe.routes)
    routes = tuple(
        route for route in before.probe.routes
        if not any(goes(operation, route) for operation in route.operations())
    )  # fmt: skip
    left = by_operation(routes)
    described = {operation: [r for r in found if not r.hidden] for operation, found in old.items()}
    gone = {operation for operation, shown in described.items() if shown and goes(operation, shown[-1])}
    changed = frozenset(operation for operation in gone if operation in left)
    has_gone = _Gone(places, contexts)
    modules = [name for name, _, _ in before.probe.imports if has_gone(name)]
    imports = tuple(item for item in before.probe.imports if item[0] not in set(modules))
    probe = replace(before.probe, routes=routes, openapi=_without(before.probe.openapi, gone), imports=imports)
    paths = {path for operation, found in old.items() for path in [operation[1]] if goes(operation, found[0])}
    named = frozenset(item for item in unresolved if is_test(item.path) and any(map(has_gone, _meant(item))))
    tests = _tests(places, before.tests, modules, paths)
    return Departed(contexts, replace(before, probe=probe), changed, tests, named)


def cut_over_check(
    before: Baseline, known: Owners, what: Departed, now: Probe, answered: Mapping[str, Answers]
) -> Check:
    """That whatever the monolith served for a context that is cut over is served by its service, and by it alone."""
    trouble: list[str] = []
    owners = owners_of(before.probe.routes, known)
    there = by_operation(now.routes)
    old = by_operation(before.probe.routes)
    for operation, context in sorted(owners.items()):
        if context not in what.contexts or is_own_affair(operation, old[operation][0]):
            continue
        if context not in answered or operation not in answered[context].served:
            trouble.append(f"{' '.join(operation)} is served neither by the monolith nor by {context}")
        elif operation in there and there[operation][0].handler() == old[operation][0].handler():
            trouble.append(f"{' '.join(operation)} is still served by the monolith")
    count = sum(owner in what.contexts for owner in owners.values())
    return checked("cut-over", "what was cut over is served by its service, and by the monolith no more",
                   shortened(trouble), [f"{counted(count, 'operation')} of {', '.join(sorted(what.contexts))}"]
                   )  # fmt: skip


def compared_tests(before: Baseline, after: Collection[Tests], what: Departed) -> Check:
    """The check of tests, without those that exercise what was cut over: they are the services' business."""
    if not what.tests or before.tests is None:
        return same_tests(before.tests, list(after))
    count = sum(_file(test) in what.tests for test, _ in before.tests.outcomes)
    found = same_tests(_other_tests(before.tests, what), [_other_tests(tests, what) for tests in after])
    if count == len(before.tests.outcomes):
        told = f"none is left to compare: all {count} tests name what was cut over, or their conftest.py does"
        return Check(found.name, found.claim, NOT_CHECKED, (told,))
    tests = f"{counted(count, 'test')} in {', '.join(sorted(what.tests))}"
    told = f"not compared, for they exercise what was cut over: {tests}"
    return replace(found, evidence=(*found.evidence, told))


def references(found: Collection[Unresolved], what: Departed) -> tuple[Unresolved, ...]:
    """The references that lead nowhere, but for those of tests to what was cut over."""
    return tuple(item for item in found if item not in what.named)


class _Gone:
    """Whether a module of the monolith is nowhere but in a service that was cut over."""

    def __init__(self, places: Places, contexts: Collection[str]) -> None:
        config, root = places.config, Path(places.root)
        stay = [config.root(), *(config.service_root(name) for name in places.contexts if name not in contexts)]
        self.there = [places.full(folder) for folder in stay]
        paths = [path.removesuffix(".py").removesuffix("/__init__") for name in contexts
                 for path in disk.list_folder(root, config.service_root(name)) if path.endswith(".py")]  # fmt: skip
        self.names = {path.rpartition("/")[2] for path in paths}

    def __call__(self, module: str) -> bool:
        below = module.partition(".")[2].replace(".", "/")
        if not below or below.rpartition("/")[2] not in self.names:
            return False
        return not any(os.path.exists(f"{root}/{below}{ending}")
                       for root in self.there for ending in (".py", "/__init__.py"))  # fmt: skip


def _meant(item: Unresolved) -> list[str]:
    """The modules that a reference which leads nowhere may have meant."""
    quoted = re.findall(r"`([\w.]+)[:\w.]*`", item.reason)
    found = [*quoted, *(f"{name}.{last}" for name in quoted for last in item.names)]
    return [".".join(parts[:length]) for parts in (name.split(".") for name in found)
            for length in range(2, len(parts) + 1)]  # fmt: skip


def _without(document: Mapping[str, object], gone: Collection[Operation]) -> dict[str, object]:
    """An OpenAPI document without some operations."""
    paths = document.get("paths", {})
    left: dict[str, object] = {}
    for path, item in paths.items() if isinstance(paths, dict) else ():
        kept = {key: value for key, value in item.items() if (key.upper(), path) not in gone}
        if any(method in kept for method in METHODS):
            left[path] = kept
    return {**document, "paths": left}


def _tests(
    places: Places, tests: Tests | None, modules: Collection[str], paths: Collection[str]
) -> frozenset[str]:  # fmt: skip
    """The files of tests that name a module that is gone or the path of a route; all below a conftest.py that does."""
    if tests is None:
        return frozenset()
    fixed = {path.partition("{")[0].rstrip("/") for path in paths}
    words = [rf"\b{re.escape(name)}\b" for name in modules]
    words += [rf"\b{re.escape(parent)} import [^\n]*\b{re.escape(last)}\b"
              for parent, _, last in (name.rpartition(".") for name in modules)]  # fmt: skip
    words += [re.escape(path) for path in fixed if path.count("/") > 1]
    if not words:
        return frozenset()
    pattern = re.compile("|".join(sorted(words)).encode())
    found: set[str] = set()
    for folder in tests.folders:
        listed = [path for path in disk.list_folder(Path(places.root), folder) if path.endswith(".py")]
        naming = [path for path in listed if pattern.search((Path(places.root) / path).read_bytes())]
        whole = tuple(path.removesuffix("conftest.py") for path in naming if path.endswith("/conftest.py"))
        found |= {os.path.basename(path) for path in listed if path in naming or path.startswith(whole)}
    return frozenset(found)


def _other_tests(tests: Tests, what: Departed) -> Tests:
    return replace(tests, outcomes=tuple(item for item in tests.outcomes if _file(item[0]) not in what.tests), error="")


def _file(test: str) -> str:
    return os.path.basename(test.partition("::")[0])
