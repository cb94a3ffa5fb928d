"""How what a context needs of others is settled: as the rules say, else by a default that is explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from decomposer.assigning.traits import below_package
from decomposer.model.config import CORE, Dependency, RuleSet
from decomposer.model.problems import Problem
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents, Reason, service_contents
from decomposer.rules.kind import compile_glob, is_literal


class Settled(Struct, frozen=True):
    """How one module's use by a context is settled, which module of it needs that where, and why it is so."""

    context: str
    policy: str
    by: str
    path: str
    line: int
    reason: str
    rule: str


class Policies:
    """Answers what the rules say of a context's dependency on a module; the core's own rules speak for everybody."""

    def __init__(self, rule_set: RuleSet, code: Codebase) -> None:
        self.code = code
        self.rules: dict[str, list[Dependency]] = {}
        for rule in rule_set.dependencies:
            self.rules.setdefault(rule.context, []).append(rule)
        self._expressions = {p: compile_glob(p) for rule in rule_set.dependencies for p in rule.patterns}

    def of(self, context: str, module: str) -> Dependency | None:
        """The rule that a context has for a module: one that names it, else the first with a pattern for it."""
        rules = [*self.rules.get(context, ()), *self.rules.get(CORE, ())]
        if not rules:
            return None
        below = below_package(self.code.config, self.code.path(module))
        matching = [(rule, p) for rule in rules for p in rule.patterns if self._expressions[p].fullmatch(below)]
        named = [rule for rule, pattern in matching if is_literal(pattern)]
        return next(iter([*named, *(rule for rule, _ in matching)]), None)

    def policy(self, context: str, module: str) -> str:
        """"share", "client", "copy", "deny", or "" where the rules say nothing."""
        rule = self.of(context, module)
        return rule.policy if rule is not None else ""


def dependency_problems(code: Codebase, found: Contents, policies: Policies) -> Iterator[Problem]:
    """An error for each module that a service must not depend on, a warning for each that it wants a client for."""
    for module, reason in sorted(_dependencies(code, found).items()):
        rule = policies.of(found.context, module)
        if rule is None:
            continue
        place = code.path(reason.by), reason.line
        if rule.policy == "deny":
            yield Problem(*place, "denied", f"{found.context} must not depend on {module}: {rule.reason}",
                          f"remove the reference, or change the policy at {rule.place()}")  # fmt: skip
        elif rule.policy == "client" and module in found.copies:
            yield Problem(*place, "client-wanted", f"{module} is to be called over HTTP: until there is a client the "
                          f"{found.context} service carries a copy", rule.place(), "warning")  # fmt: skip


def settled(code: Codebase, contexts: Iterable[str], policies: Policies, module: str) -> Iterator[Settled]:
    """How each context's dependency on a module is settled, for those that have one and do not own it."""
    for context in contexts:
        found = service_contents(code, context, ())
        reason = _dependencies(code, found).get(module)
        if reason is None or code.owner(module) == context:
            continue
        rule = policies.of(context, module)
        carried = "copy" if module in found.copies else "share"
        told, place = (rule.reason, rule.place()) if rule is not None else (_default(code, module), "")
        yield Settled(context, rule.policy if rule else carried, reason.by, code.path(reason.by), reason.line, told,
                      place)  # fmt: skip


def _default(code: Codebase, module: str) -> str:
    if code.in_core(module):
        return "it lies in the core"
    if code.owner(module) == CORE:
        return "it is the core's"
    if code.is_shareable(module):
        return "tables, schemas, settings and helpers are shared where two contexts need them and the core has room"
    return "logic of another context is copied until a client replaces it"


def _dependencies(code: Codebase, found: Contents) -> Mapping[str, Reason]:
    """What a service needs that is not its own: copies, and what it has from the core."""
    reasons = dict(found.copies)
    for module in sorted((*found.own, *found.copies)):
        for need in code.needs.of(module):
            known = reasons.get(need.module)
            if known is not None and module in found.own and known.by not in found.own:
                reasons[need.module] = Reason(module, need.line)  # it says more than what puts the service together
            elif code.in_core(need.module):
                reasons.setdefault(need.module, Reason(module, need.line))
    return reasons
