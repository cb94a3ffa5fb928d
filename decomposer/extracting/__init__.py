"""The steps of the plan: the shared core, then context after context, each on the tree that the last one leaves."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from decomposer.changeset import ChangeSet, Planned, Write, build_changeset, composed
from decomposer.extracting.agreed import contracts, users
from decomposer.extracting.calls import owner_writes, split_transactions
from decomposer.extracting.calls_drift import redrawn
from decomposer.extracting.core import core_writes
from decomposer.extracting.found import hidden
from decomposer.extracting.scaffolding import scaffolding
from decomposer.extracting.served import entry_names, route_problems
from decomposer.extracting.service import service_writes
from decomposer.extracting.tree import Tree, Way
from decomposer.model.config import CORE
from decomposer.model.contracts import CallContract
from decomposer.model.counting import counted
from decomposer.model.problems import DecomposerError, Problem
from decomposer.planning.beside import going_along
from decomposer.planning.contents import service_contents
from decomposer.planning.extraction import Move, plan_extraction, summarize
from decomposer.planning.settling import caught_problems, crowded_out, dependency_problems
from decomposer.planning.states import extracted, routed_away
from decomposer.scaffold import SHARED
from decomposer.scaffold.calls_need import too_old
from decomposer.scaffold.local import local_packages


def steps(tree: Tree, names: Sequence[str], way: Way, together: bool = False) -> Iterator[tuple[str, Planned]]:
    """The change of each context in turn ("core" for the core), as if those before it had been made.

    Where all are made together, what is rendered for all services at once is rendered with the last one.
    """
    apart = replace(way, targets=tuple(target for target in way.targets if target not in SHARED))
    for name in names:
        here = apart if together and name != names[-1] else way
        planned = core_step(tree, here) if name == CORE else context_step(tree, name, here)
        if together and here is way and not planned.change_set.changes:  # it had left before
            writes, told = scaffolding(tree, names, (), way)
            change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
            planned = Planned(change_set, (*planned.problems, *told), planned.summary)
        after = tree.after(planned.change_set)
        lost = sorted(hidden(tree, after, planned.change_set))
        tree = after
        yield name, replace(planned, problems=tuple(sorted({*planned.problems, *lost}))) if lost else planned


def core_step(tree: Tree, way: Way, only: frozenset[str] | None = None) -> Planned:
    """The change that takes the shared core out: all of it, or what `only` are of it."""
    sharing = tree.sharing
    shared = [module for module in sharing.modules if only is None or module in only]
    if not shared:
        told = Problem(tree.config.service(CORE), 0, "already-extracted", "nothing more is to be shared", "", "warning")
        return Planned(ChangeSet(), (told,) if only is None else ())
    writes, problems = core_writes(tree, shared, way.expires)
    rendered, said = scaffolding(tree, [CORE], writes, way)
    writes += rendered
    problems += said
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    lines = sum(tree.code.of(module).lines for module in shared)
    summary = [f"{counted(len(shared), 'module')} ({counted(lines, 'line')}) {'go' if shared[1:] else 'goes'} to "
               f"{tree.config.service(CORE)}, which services and monolith share"]  # fmt: skip
    for module, by in sorted(sharing.left_out.items() if only is None else ()):
        if module in sharing.gone:
            problems.append(Problem(
                tree.code.path(module), 0, "core-late", f"is needed by {', '.join(sorted(by))}, but it, or what it "
                "needs, has left with its context already: each other carries a copy",
                "take the core out first: roll that context back", "warning",
            ))  # fmt: skip
            continue
        problems.append(Problem(
            tree.code.path(module), 0, "core-full", f"is needed by {', '.join(sorted(by))}, but the core would have "
            f"more than {tree.config.limits.service:,} lines with it: each carries a copy",
            "split it, or raise `limits.service`", "warning",
        ))  # fmt: skip
    return Planned(change_set, tuple(sorted(set(problems))), tuple(summary))


def context_step(tree: Tree, context: str, way: Way) -> Planned:
    """The change that takes a context out, with as much of the core as it needs."""
    described = tree.rule_set.context(context)
    assert described is not None
    taken = _taken(tree, context, way) + _named_otherwise(tree, context)
    if taken:
        return Planned(ChangeSet(), taken)
    old = too_old(tree.config.source, tree.read) if tree.calling.clients(context) else None
    if old is not None:
        return Planned(ChangeSet(), (old,))
    whole, first, agreed = tree, Planned(ChangeSet()), list[CallContract]()
    if _leaves(tree, context):
        first = _called_anew(tree, "" if tree.calling.clients(context) else context, way)
        tree = tree.after(first.change_set) if first.change_set.changes else tree
        clients = tree.calling.clients(context)
        needed = {*service_contents(tree.code, context, tree.sharing.modules, clients).shared}
        for contract in contracts(tree, users(tree, context)) if clients else ():
            needed |= contract.core & tree.sharing.modules.keys()
        if needed:
            more = core_step(tree, way, _with_needs(tree, needed))
            tree = tree.after(more.change_set)
            first = Planned(composed(first.change_set, more.change_set), (*first.problems, *more.problems),
                            (*first.summary, *more.summary))  # fmt: skip
        if clients:
            first, agreed, tree = _with_calls(tree, context, first, way)
    files = tree.below(tree.config.root()) + tree.below(tree.config.service(context))
    extended = {path for path, facts in tree.python.items() if "__path__" in facts.bindings}
    extended |= {path for path, name in tree.code.modules.name_of.items() if tree.code.is_alias(name)}
    plan = plan_extraction(tree.config, tree.assignment, context, files, extended)
    data, _ = going_along(((move.old, move.new) for move in plan.moves), tree.read, files)
    plan = replace(plan, moves=(*plan.moves, *(Move(old, new) for old, new in sorted(data.items()))))
    if not plan.moves and not _lacks_rest(tree, context):
        anew = _called_anew(whole, context, way)
        return replace(anew, summary=(*anew.summary, "next: decompose verify")) if anew.change_set.changes else \
            Planned(ChangeSet(), plan.problems)  # fmt: skip
    writes, problems = service_writes(tree, plan, described, way, agreed)
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    found = service_contents(tree.code, context, (), tree.calling.clients(context))
    problems += [*dependency_problems(tree.calling, found), *crowded_out(tree.calling, found),
                 *split_transactions(tree, found), *caught_problems(tree.calling, context)]  # fmt: skip
    summary = (*summarize(plan, tree.code, found), *_told_of_data(plan.service, writes)) if plan.moves else \
        (f"{context} answers what is nobody's, too",)  # fmt: skip
    return Planned(
        composed(first.change_set, change_set),
        tuple(sorted({*first.problems, *(plan.problems if plan.moves else ()), *problems})),
        (*first.summary, *summary),
    )


def _called_anew(tree: Tree, context: str, way: Way) -> Planned:
    """The change that renders what a context, or whoever calls it ("" for anybody), calls as the code is now."""
    writes, problems = redrawn(tree, context, way)
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    count = len(change_set.changes)
    files = f"{counted(count, 'file')} that had been rendered {'are' if count > 1 else 'is'}"
    told = f"calls have drifted: {files} rendered anew, as the code is now"
    return Planned(change_set, tuple(sorted(set(problems))), (told,)) if count else Planned(ChangeSet())


def _with_calls(
    tree: Tree, context: str, first: Planned, way: Way
) -> tuple[Planned, list[CallContract], Tree]:  # fmt: skip
    """A step with what the core and the owners need to be called by a context, its contracts, and the tree then."""
    agreed = contracts(tree, users(tree, context))
    writes, problems = owner_writes(tree, context, agreed, way)
    change_set = build_changeset(writes, {write.path: tree.read(write.path) for write in writes})
    whole = Planned(composed(first.change_set, change_set), (*first.problems, *problems), first.summary)
    return whole, agreed, tree.after(change_set)


def _told_of_data(service: str, writes: Iterable[Write]) -> Iterator[str]:
    """A line about the files that are no code, where there are any."""
    inside = [write for write in writes if write.path.startswith(f"{service}/src/")]
    data = [write.content for write in inside if write.content and not write.path.endswith(".py")]
    if data:
        files = "1 file that is no code comes" if len(data) == 1 else f"{len(data)} files that are no code come"
        yield f"{files} along ({sum(map(len, data)):,} bytes), for modules look for them in their own folder"


def _taken(tree: Tree, context: str, way: Way) -> tuple[Problem, ...]:
    """An error where a service's own package would hide another one of that name."""
    config = tree.config
    package = config.package_of(context)
    if package == config.package or extracted(config, context, tree.everything):
        return ()
    others = {
        "Python's own": sys.stdlib_module_names, "of this repository": local_packages(config, tree.paths),
        "a third party's": {name for _, name, _ in tree.graph.external},
    }  # fmt: skip
    whose = next((whose for whose, names in others.items() if package in names), "")
    hint = 'give the context another name, or set package = "{context}_service" below [service]'
    return (Problem(config.service(context), 0, "package-taken", f"there is a package `{package}` already, {whose}",
                    hint),) if whose else ()  # fmt: skip


def _named_otherwise(tree: Tree, context: str) -> tuple[Problem, ...]:
    """An error where a context has left under another package name than is configured now."""
    config = tree.config
    source, package = f"{config.service(context)}/src", config.package_of(context)
    there = {path.removeprefix(f"{source}/").partition("/")[0] for path in tree.below(source)
             if path.endswith("/main.py") and path.count("/") == source.count("/") + 2}  # fmt: skip
    homes = {home.dotted for home in config.homes if home.folder.startswith(f"{config.service(context)}/")}
    there &= {package, config.package, *homes}
    if not there or package in there:
        return ()
    was = ", ".join(f"`{name}`" for name in sorted(there))
    return (Problem(config.service(context), 0, "named-otherwise", f"{context} has left as the package {was}, and now "
                    f"`{package}` is configured", f"roll it back first (decompose rollback {context}), or configure "
                    "the name that it has"),)  # fmt: skip


def _with_needs(tree: Tree, modules: Iterable[str]) -> frozenset[str]:
    """The shared modules that a service needs, with those that they need."""
    shared = tree.sharing.modules
    found = set(modules)
    queue = sorted(found)
    while queue:
        for need in tree.code.needs.of(queue.pop()):
            if need.module in shared and need.module not in found:
                found.add(need.module)
                queue.append(need.module)
    return frozenset(found)


def _lacks_rest(tree: Tree, context: str) -> bool:
    """Whether a context that has left is to answer what is nobody's, as it was not when it left.

    Raises DecomposerError where it was cut over: the monolith's entry does not tell any more what it answers itself.
    """
    config = tree.config
    if config.finish.rest != context:
        return False
    lost = [problem for problem in route_problems(tree, context, {}, entry_names(tree, context))
            if problem.code == "route-lost"]  # fmt: skip
    if lost and (config.own_package or context in routed_away(config, [context])):
        why = "has left in a package of its own" if config.own_package else "was cut over"
        raise DecomposerError(Problem(
            config.service(context), 0, "rest-late", f"`{context}` {why}, and is to answer what is nobody's only now",
            f"decompose rollback {context}, then take it out again; or name another context",
        ))  # fmt: skip
    return bool(lost)


def _leaves(tree: Tree, context: str) -> bool:
    """Whether anything of a context is still in the monolith."""
    root = tree.config.root() + "/"
    return any(o.context == context and path.startswith(root) for path, o in tree.assignment.owners.items())
