"""The checks of each certificate, from everything that was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from decomposer.checks import behaviour, carrying_on, contract, isolation
from decomposer.checks.answering import Answers, Owners, answers, owners_of
from decomposer.checks.copies import Carried, same_copies
from decomposer.checks.isolation import Wheel
from decomposer.model.certificate import Check, checked
from decomposer.model.config import CORE
from decomposer.model.probes import Baseline, Probe, Tests, Unresolved
from decomposer.verifying.departed import Departed, compared_tests, references
from decomposer.verifying.places import Places


class Seen(Struct, frozen=True):
    """What the probes saw of the monolith, each service and the core, their wheels, the tests; and services' copies."""

    monolith: Probe
    services: Mapping[str, Probe]
    wheels: Mapping[str, Wheel]
    tests: Sequence[Tests]
    unresolved: Sequence[Unresolved]
    copies: Mapping[str, Sequence[Carried]] = {}


def shared_checks(whole: Baseline, seen: Seen, what: Departed, moved: Mapping[str, str]) -> list[Check]:
    """What holds of the whole, in every certificate; `what` has been cut over, and files have `moved`."""
    now, before, complete = seen.monolith, what.baseline(whole), not what.contexts
    booted = isolation.boots("monolith-boots", "the monolith boots", now)
    if not before.startup:
        told = "its lifespan was not started: routes that it registers are not seen (verify --baseline --startup)"
        booted = replace(booted, evidence=(*booted.evidence, told))
    found = [booted]
    if not now.failed():
        found += [
            contract.monolith_openapi(before, now, what.changed),
            contract.monolith_routes(before, now),
            *(_of_monolith(check) for check in (
                behaviour.same_middleware(before, now), behaviour.same_handlers(before, now),
                behaviour.same_start(before, now, complete), behaviour.same_tables(before, now, complete),
                behaviour.mappers_configure(before, now), behaviour.same_tasks(before, now, complete),
            )),
            isolation.names_resolve(before, now, moved),
        ]  # fmt: skip
    found.append(carrying_on.nothing_newly_unresolved(before.unresolved, references(seen.unresolved, what)))
    found.append(compared_tests(whole, seen.tests, what))
    return found


def service_checks(
    context: str, before: Baseline, seen: Seen, owners: Owners, places: Places, all_answers: Mapping[str, Answers]
) -> list[Check]:
    """What holds of one service."""
    now = seen.services[context]
    found = [
        isolation.imports_alone(before, now),
        _only_own(context, seen, places),
        isolation.boots("boots", "the service boots", now),
    ]
    if not now.failed():
        answers_for, mine = places.config.answers_for, all_answers[context]
        known = {operation: context if answers_for(context, owner) else owner
                 for operation, owner in owners_of(before.probe.routes, owners).items()}  # fmt: skip
        found += [
            contract.one_owner(context, all_answers, known),
            contract.nothing_lost(context, all_answers, known),
            contract.nothing_gained(mine),
            contract.same_operations(before, now, mine),
            contract.first_answer(before, now, mine),
            contract.same_dependencies(before, now, mine),
            behaviour.same_middleware(before, now),
            behaviour.same_handlers(before, now),
            behaviour.same_start(before, now, False),
            behaviour.same_tables(before, now, False),
            behaviour.mappers_configure(before, now),
            behaviour.same_tasks(before, now, False),
        ]
    found.append(same_copies(seen.copies.get(context, ()), places.tops(), bool(places.config.own_package)))
    return [*found, *_wheel_checks(context, before, seen)]


def core_checks(before: Baseline, seen: Seen, places: Places) -> list[Check]:
    """What holds of the shared core, which is no application."""
    now = seen.services[CORE]
    found = [isolation.imports_alone(before, now), _only_own(CORE, seen, places)]
    if not now.failed():
        found += [behaviour.same_tables(before, now, False), behaviour.mappers_configure(before, now)]
    return [*found, *_wheel_checks(CORE, before, seen)]


def answers_of(before: Baseline, seen: Seen) -> dict[str, Answers]:
    """What each service answers."""
    return {
        context: answers(before.probe.routes, probe.routes)
        for context, probe in seen.services.items() if context != CORE
    }  # fmt: skip


def _wheel_checks(context: str, before: Baseline, seen: Seen) -> list[Check]:
    wheel = seen.wheels.get(context)
    return [
        isolation.wheel_builds(wheel),
        isolation.wheel_boots(before, wheel, seen.services[context]),
        isolation.all_declared(wheel),
    ]


def _only_own(context: str, seen: Seen, places: Places) -> Check:
    """From its folder and from its wheels alike."""
    others = {folder: whose for folder, whose in places.whose().items() if whose != context}
    first = isolation.only_own_modules(seen.services[context], places.own(context), others)
    wheel = seen.wheels.get(context)
    if wheel is None or wheel.probe is None:
        return first
    own = (*wheel.folders, *places.own(context)[2:])
    second = isolation.only_own_modules(wheel.probe, own, {**places.whose(), places.config.service(CORE): "the core"})
    trouble = [f"from wheels: {line}" for line in second.evidence] if second.state != first.state else []
    return checked(first.name, first.claim, trouble, list(first.evidence)) if trouble else first


def _of_monolith(check: Check) -> Check:
    return replace(check, name=f"monolith-{check.name}", claim=f"of the monolith: {check.claim}")
