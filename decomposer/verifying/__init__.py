"""Running the analysed code and certifying what came of an extraction; the only stage that executes it."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, structs

from decomposer.checks.agreed import as_agreed
from decomposer.checks.answering import Owners
from decomposer.checks.isolation import Wheel
from decomposer.checks.openapi import unstable_places
from decomposer.model.certificate import Certificate, Check
from decomposer.model.config import CORE
from decomposer.model.probes import Baseline, Probe, Tests, Told, Unresolved
from decomposer.model.problems import DecomposerError, Problem
from decomposer.scaffold.local import asked_for
from decomposer.scaffold.requirements import normalised
from decomposer.shell import certificates
from decomposer.shell.disk import reader
from decomposer.shell.probing import Running, probe, running
from decomposer.shell.recorded import recorded_changes
from decomposer.shell.testing import run_tests
from decomposer.shell.wheels import Built, build_wheel, unmet, with_places
from decomposer.verifying.assembling import Seen, answers_of, core_checks, service_checks, shared_checks
from decomposer.verifying.carried import copies_of
from decomposer.verifying.departed import cut_over_check, departed
from decomposer.verifying.places import TESTS, Places
from decomposer.verifying.pruned import pruned, pruned_check
from decomposer.verifying.trail import moves, trail

AT_ONCE = 2
MONOLITH = "monolith"
T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Told what has just been done, how many things have, and how many there are."""


class Wish(Struct, frozen=True):
    """How code is to be run: interpreter ("" for that of the environment), variables, seconds, tests, lifespan, folder.

    `again` gives the number of files that taking a context out once more would change, `calls` what of each context's
    calls of others is not as it was agreed, for those that call any.
    """

    python: str = ""
    environment: Mapping[str, str] = {}
    timeout: float = 120
    tests: tuple[str, ...] = ()
    startup: bool = False
    wheels: bool = True
    again: Callable[[str], int] | None = None
    calls: Callable[[], Mapping[str, Sequence[str]]] | None = None
    progress: Progress | None = None
    cwd: str = ""

    def interpreter(self) -> str:
        """The interpreter named, else the active environment's, else this tool's own."""
        active = os.environ.get("VIRTUAL_ENV")
        return self.python or (os.path.join(active, "bin", "python") if active else sys.executable)


def record_baseline(places: Places, wish: Wish, owners: Owners, unresolved: Sequence[Unresolved]) -> Baseline:
    """The monolith as it is, kept for later; started twice, so that what varies is known.

    Raises DecomposerError when it does not boot.
    """
    root = Path(places.root)
    with running(root, wish.interpreter(), wish.environment, wish.timeout, wish.cwd) as told, _Work(wish, told) as work:
        target = structs.replace(places.monolith(wish.startup), tells_providers=True)
        first = work.do("monolith", lambda: probe(told, target, "first"))
        second = work.do("monolith again", lambda: _again(told, places, wish, first))
        tests = work.do("tests", lambda: _monolith_tests(told, places, wish.tests, "tests")) if wish.tests else None
        seen, other = first.result(), second.result()
        for found in (seen, other):
            if found.failed():
                raise DecomposerError(Problem(
                    places.config.entries[0], 0, "no-boot", f"the monolith does not boot: {found.failed()}",
                    "give it what it needs: --env NAME=VALUE, --path DIR, --cwd DIR, --python PATH, --timeout SECONDS",
                ))  # fmt: skip
        recorded = tests.result() if tests else None
    if recorded is not None and (recorded.error or not recorded.outcomes):
        raise DecomposerError(Problem(
            ", ".join(wish.tests), 0, "no-tests", recorded.error or "no test was found", "see --tests and --python",
        ))  # fmt: skip
    listed = tuple((*key, owner) for key, owner in sorted(owners.items()) if owner)
    baseline = Baseline(certificates.VERSION, _now(), places.config.entries[0], seen,
                        unstable_places(seen.openapi, other.openapi), tuple(sorted(unresolved)), listed, recorded,
                        wish.startup, told_of(wish, places.path), places.left())  # fmt: skip
    certificates.write_baseline(root, baseline)
    return baseline


def told_of(wish: Wish, path: tuple[str, ...]) -> Told:
    """How code is run, for later runs to do it alike; of variables only the names."""
    found = shutil.which(wish.interpreter())
    return Told(os.path.abspath(found) if found else "", path, wish.cwd, tuple(sorted(wish.environment)))


def certify(
    places: Places, wish: Wish, before: Baseline, owners: Owners, unresolved: Sequence[Unresolved],
    subjects: Sequence[str],
) -> list[Certificate]:  # fmt: skip
    """A certificate for each subject: contexts, the core, or the monolith alone. Nothing is written.

    All services that have left are probed whatever the subjects, for an operation has one owner among all of them. The
    monolith is not expected to have what belongs to contexts that were cut over, nor what was deleted as dead.
    """
    root, folders = Path(places.root), places.folders()
    digest = certificates.tree_digest(root, folders)
    gone, recorded = pruned(root, places.config), before
    before = gone.left_of(before)
    known = {(method, path, handler): owner for method, path, handler, owner in before.owners} | dict(owners)
    with running(root, wish.interpreter(), wish.environment, wish.timeout, wish.cwd) as told, _Work(wish, told) as work:
        seen = _look(places, wish, before, work, subjects, unresolved)
        steps = [CORE] * places.has_core() + list(places.contexts)
        probed, services = gone.other_tables(before.probe, seen.monolith, seen.services)
        before, seen = structs.replace(before, probe=probed), structs.replace(seen, services=services)
        what, changes = departed(places, before, known, unresolved), recorded_changes(root)
        shared = [*shared_checks(before, seen, what, moves(changes)), *trail(changes, told.folder, steps, wish.again)]
    if certificates.tree_digest(root, folders) != digest:
        raise DecomposerError(Problem(
            places.config.root(), 0, "changed", "files were edited while they were verified", "run it again",
        ))  # fmt: skip
    if gone.modules or gone.tests:
        shared.append(pruned_check(recorded, seen.monolith, gone))
    answered, calls = answers_of(before, seen), wish.calls() if wish.calls is not None else {}
    if what.contexts and not seen.monolith.failed():
        shared.insert(0, cut_over_check(before, known, what, seen.monolith, answered))

    def checks(subject: str) -> list[Check]:
        if subject == MONOLITH:
            return []
        if subject == CORE:
            return core_checks(before, seen, places)
        found = service_checks(subject, before, seen, known, places, answered)
        return [*found, as_agreed(calls[subject])] if subject in calls else found

    return [Certificate(subject, _now(), seen.monolith.python, (*checks(subject), *shared), folders, digest)
            for subject in subjects]  # fmt: skip


def _again(told: Running, places: Places, wish: Wish, first: Future[Probe]) -> Probe:
    """A second look, after the first and not in the same second: defaults may be the time of the start."""
    if first.result().failed():
        return first.result()
    time.sleep(1)
    return probe(told, places.monolith(wish.startup, 1), "second")


class _Work:
    """A few things done at once, with progress told as each is done."""

    def __init__(self, wish: Wish, told: Running) -> None:
        self.wish, self.running = wish, told
        self.total = self.done = 0

    def __enter__(self) -> _Work:
        self.pool = ThreadPoolExecutor(AT_ONCE)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.running.processes.end()
        self.pool.shutdown(wait=True, cancel_futures=kind is not None)

    def do(self, name: str, what: Callable[[], T]) -> Future[T]:
        """Begins something as soon as there is room for it."""
        self.total += 1

        def done() -> T:
            try:
                return what()
            finally:
                self.done += 1
                if self.wish.progress is not None:
                    self.wish.progress(name, self.done, self.total)

        return self.pool.submit(done)


def _look(
    places: Places, wish: Wish, before: Baseline, work: _Work, subjects: Sequence[str],
    unresolved: Sequence[Unresolved],
) -> Seen:  # fmt: skip
    """Everything that has to be run, two processes at a time, what others wait for first."""
    told, startup = work.running, before.startup
    alone = [CORE] * places.has_core() + list(places.contexts)
    core = work.do("core: wheel", lambda: build_wheel(told, places.config.service(CORE))) \
        if places.has_core() and wish.wheels else None  # fmt: skip
    modules = tuple(module for module, error, _ in before.probe.imports if not error)
    monolith = work.do(MONOLITH, lambda: probe(told, places.monolith(startup, modules=modules), MONOLITH))
    tests: list[Future[Tests]] = []
    if before.tests is not None:
        recorded = before.tests.folders
        tests.append(work.do("tests", lambda: _monolith_tests(told, places, recorded, "tests")))
        for context in alone:
            if os.path.isdir(places.full(f"{places.config.service(context)}/{TESTS}")):
                tests.append(work.do(f"{context}: tests", lambda c=context: _service_tests(told, places, c)))  # type: ignore[misc]
    sources: dict[str, Future[Probe]] = {}
    wheels: dict[str, Future[Wheel]] = {}
    for context in alone:
        target = places.service(context, startup)
        sources[context] = work.do(context, lambda c=context, t=target: probe(told, t, f"source-{c}"))  # type: ignore[misc]
        if wish.wheels and context in subjects:
            wheels[context] = work.do(
                f"{context}: wheel", lambda c=context: _wheel(told, places, c, core, before)  # type: ignore[misc]
            )  # fmt: skip
    return Seen(
        monolith.result(), {context: found.result() for context, found in sources.items()},
        {context: found.result() for context, found in wheels.items()}, [found.result() for found in tests], unresolved,
        {context: copies_of(places, context) for context in places.contexts},
    )  # fmt: skip


def _wheel(told: Running, places: Places, context: str, core: Future[Built] | None, before: Baseline) -> Wheel:
    """What comes of a distribution's wheel beside the core's."""
    startup, providers = before.startup, before.probe.providers
    shared = core.result() if core is not None else Built()
    built = shared if context == CORE and core is not None else build_wheel(told, places.config.service(context))
    if built.error:
        return Wheel(built.error)
    parts = [part for part in (built, shared) if part.name]
    folders = tuple(dict.fromkeys(part.folder for part in parts))
    found = probe(told, places.deployed(context, folders, built.name, startup), f"wheel-{context}")
    relative = tuple(os.path.relpath(os.path.realpath(folder), places.root) for folder in folders)
    own = {normalised(name) for name in (*(part.name for part in parts), *places.built.values())}
    parents = {shared.folder: places.config.service(CORE), built.folder: places.config.service(context)}
    homes = {f"{os.path.relpath(os.path.realpath(part.folder), places.root)}/": f"{parents[part.folder]}/src/"
             for part in parts}  # fmt: skip
    project = f"{places.config.service(context)}/pyproject.toml"
    read = reader(Path(places.root))
    text = (read(project) or b"").decode("utf-8", "replace")
    trouble, alike = unmet(found, own, asked_for(places.config.source, read), providers, project, text)
    return Wheel("", tuple(alike), with_places(found, homes), relative, tuple(trouble))


def _monolith_tests(told: Running, places: Places, folders: tuple[str, ...], name: str) -> Tests:
    """Of the folders that are still there: the files in them may all have moved with their contexts."""
    there = tuple(folder for folder in folders if os.path.isdir(places.full(folder)))
    project = places.config.project().rstrip("/")
    inside = all(folder.startswith(f"{project}/") for folder in there)
    return run_tests(told, places.monolith(False), project if project and inside else "", there, name) \
        if there else Tests(folders)  # fmt: skip


def _service_tests(told: Running, places: Places, context: str) -> Tests:
    folder = places.config.service(context)
    return run_tests(told, places.service(context, False), folder, (f"{folder}/{TESTS}",), f"tests-{context}")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
