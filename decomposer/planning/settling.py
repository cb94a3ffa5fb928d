"""How what a context needs of others is settled: as the rules say, else by a default that is explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from decomposer.model.config import CORE
from decomposer.model.crossing import Call, Crossing
from decomposer.model.problems import Problem
from decomposer.planning.clients import Calling
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents, Reason, service_contents
from decomposer.planning.foreign import foreign

_NO_ROOM = "the core has no room for it and what it needs"
_NAMED = 4
"""So many modules are named of those that the core has no room for."""


class Settled(Struct, frozen=True):
    """How one module's use by a context is settled, which module of it needs that where, and why it is so.

    `owner` is the context that the module belongs to; `is_direct` says that the context's own code needs it, not only
    what it carries. `symbols` are what is used of logic of another context, each with what keeps it from being called
    over HTTP; `caught` tells of exceptions of libraries that may be others then.
    """

    context: str
    policy: str
    by: str
    path: str
    line: int
    reason: str
    rule: str
    module: str = ""
    owner: str = ""
    is_direct: bool = True
    symbols: tuple[Crossing, ...] = ()
    caught: tuple[Problem, ...] = ()


def dependency_problems(calling: Calling, found: Contents) -> Iterator[Problem]:
    """An error for each module that a service must not depend on, a warning for what it should call and cannot."""
    code = calling.code
    for module, reason in sorted(_dependencies(code, found).items()):
        rule = calling.policies.of(found.context, module)
        if rule is not None and rule.policy == "deny":
            yield Problem(code.path(reason.by), reason.line, "denied", f"{found.context} must not depend on {module}: "
                          f"{rule.reason}", f"remove the reference, or change the policy at {rule.place()}"
                          )  # fmt: skip
    yield from calling.problems(found.context)


def settled(calling: Calling, contexts: Iterable[str], module: str) -> Iterator[Settled]:
    """How each context's dependency on a module is settled, for those that have one and do not own it."""
    for context in contexts:
        if calling.code.owner(module) != context:
            yield from (one for one in settled_of(calling, context, module))


def settled_of(calling: Calling, context: str, module: str = "") -> Iterator[Settled]:
    """How everything that a context needs of others is settled, or one module alone."""
    code = calling.code
    found = service_contents(code, context, (), calling.clients(context))
    dependencies = _dependencies(code, found)
    for name in [module] if module else sorted(dependencies):
        reason = dependencies.get(name)
        if reason is None or code.owner(name) == context:
            continue
        rule = calling.policies.of(context, name)
        told, place = (rule.reason, rule.place()) if rule is not None else (_default(calling, name), "")
        is_shared = code.in_core(name) or name in calling.core
        policy = "share" if is_shared else "client" if name in found.clients else "copy"
        if rule is not None and rule.policy == "share" and name in calling.without_room:
            told = f"to be shared, but {_NO_ROOM}: {rule.reason}"
        elif rule is not None and rule.policy != "client":
            policy = rule.policy
        elif rule is not None and policy == "copy":
            told = f"asked for as a client, which it cannot be yet: {rule.reason}"
        against = calling.policies.against(context, name)
        if against is not None:
            told = f"contradicted by {against.place()}, which says {against.policy}: {told}"
        is_logic = policy in ("client", "copy") and code.owner(name) not in (CORE, "") and not is_shared
        call = calling.call(found, name) if is_logic else None
        yield Settled(
            context, policy, reason.by, code.path(reason.by), reason.line, told, place, name, code.owner(name),
            reason.by in found.own, call.symbols if call else (), tuple(_caught(calling, call)) if call else (),
        )  # fmt: skip


def caught_problems(calling: Calling, context: str) -> Iterator[Problem]:
    """A warning for each exception of a library that a context catches around what it calls over HTTP."""
    for _, call in sorted(calling.clients(context).items()):
        yield from _caught(calling, call)


def _caught(calling: Calling, call: Call) -> Iterator[Problem]:
    error = f"{calling.code.config.core_package()}.internal_calls.OwnerError"
    for one in call.caught:
        found = foreign(calling.code, one.by, one.written)
        if found is not None:
            told = f"always, for {found.trouble}" if found.trouble else \
                "where it is not made of its `args` alone, which shows when it is raised"  # fmt: skip
            yield Problem(one.path, one.line, "library-exception", f"catches {found.name} around calls of "
                          f"{call.module}: over HTTP it is {error} {told}", f"catch that too, or let {call.module} "
                          "raise an exception of its own", "warning")  # fmt: skip


def _default(calling: Calling, module: str) -> str:
    code = calling.code
    if code.in_core(module):
        return "it lies in the core"
    if module in calling.without_room:
        whose = "it is the core's, but" if code.owner(module) == CORE else "it would be shared, but"
        return f"{whose} {_NO_ROOM}"
    if code.owner(module) == CORE:
        return "it is the core's"
    if code.is_shareable(module):
        return "tables, schemas, settings and helpers are shared where two contexts need them and the core has room"
    if module in calling.core:
        return "what is shared needs it"
    return "logic of another context is copied until a client replaces it"


def crowded_out(calling: Calling, found: Contents) -> Iterator[Problem]:
    """A warning where a service carries copies of modules only because the core has no room for them."""
    code = calling.code
    modules = sorted(module for module in found.copies if module in calling.without_room)
    if modules:
        lines = sum(code.of(module).lines for module in modules)
        names = ", ".join(modules[:_NAMED]) + (f" and {len(modules) - _NAMED} more" if modules[_NAMED:] else "")
        told = "a module" if len(modules) == 1 else f"{len(modules)} modules"
        yield Problem(code.config.service(CORE), 0, "core-full", f"there is no room for {told} ({lines:,} lines) that "
                      f"{found.context} needs and others too, and the service carries a copy: {names}",
                      f"the core has less than {code.config.limits.service:,} lines: decompose limits tells what can "
                      "be split; share less, or raise `limits.service`", "warning")  # fmt: skip


def _dependencies(code: Codebase, found: Contents) -> Mapping[str, Reason]:
    """What a service needs that is not its own: copies, what it calls, and what it has from the core."""
    reasons = {**found.copies, **found.clients}
    for module in sorted((*found.own, *found.copies)):
        for need in code.needs.of(module):
            known = reasons.get(need.module)
            if known is not None and module in found.own and known.by not in found.own:
                reasons[need.module] = Reason(module, need.line)  # it says more than what puts the service together
            elif code.in_core(need.module):
                reasons.setdefault(need.module, Reason(module, need.line))
    return reasons
