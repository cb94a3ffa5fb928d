"""Loads that would fail because of a cycle, before anything is written: what works today must work afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from decomposer.checks.load_graph import LoadGraph, Program, cycles, load_graph
from decomposer.checks.load_scripts import Scripts
from decomposer.checks.load_simulation import try_first
from decomposer.checks.load_system import LoadFailure
from decomposer.graph.algorithms import parents, reach
from decomposer.model.loading import LoadScript
from decomposer.model.problems import Problem

HINT = "import it in the function that uses it, or move what both need to a module of its own"


def load_failures(program: Program, starts: Iterable[str], only: Collection[str] | None) -> tuple[LoadFailure, ...]:
    """How the modules of a program fail when each is the first import of a fresh interpreter, in order of start.

    `only` are the modules whose source is read (None for all); the others are taken to load well, as far as their
    own names go, and to import what their facts say.
    """
    return _failures(program, load_graph(program), starts, only, {})


def new_load_failures(
    before: Program, after: Program, starts: Iterable[str], renamed: Mapping[str, str]
) -> list[Problem]:
    """A problem for each place where a load fails that did not fail before, with the path of the cycle.

    `starts` are modules of `after` to be tried besides those that a change can have affected, such as the entry
    points; `renamed` maps dotted names before to dotted names after. A failure that depends on a condition is a
    warning.
    """
    graph = load_graph(after)
    groups = cycles(graph.together())
    if not groups:
        return []
    origin = {new: old for old, new in renamed.items()}
    affected = _affected(_changed(before, after, origin), graph)
    reached = _loaded_from(affected, graph)
    groups = [group for group in groups if not group.isdisjoint(reached)]
    known: dict[bytes, LoadScript | None] = {}
    closely = frozenset[str]().union(*groups)
    entries = [start for start in starts if after.modules.exists(start)]
    found = _failures(after, graph, sorted({*closely, *entries}), closely, known)
    if not found:
        return []
    # A cycle that one of its modules cannot begin: whatever leads there may begin with that one now.
    upstream = affected & _on_the_way(closely, graph) - closely - set(entries)
    found += _failures(after, graph, sorted(upstream), closely, known)
    return _problems(after, _only_new(before, found, origin, renamed, known))


def _failures(
    program: Program,
    graph: LoadGraph,
    starts: Iterable[str],
    only: Collection[str] | None,
    known: dict[bytes, LoadScript | None],
) -> tuple[LoadFailure, ...]:
    scripts = Scripts(program, only, _on_the_way(only or (), graph), known)
    return tuple(failure for start in starts for failure in _tried(scripts, start))


def _tried(scripts: Scripts, start: str) -> list[LoadFailure]:
    """How a start fails, with everything read that the failure passes through."""
    while failures := try_first(scripts, start):
        if not scripts.read(module for failure in failures for module in failure.chain):
            break
    return failures


def _changed(before: Program, after: Program, origin: Mapping[str, str]) -> set[str]:
    """The modules that are new, have another name, or say something else than before."""
    changed = set()
    for module, path in after.modules.path_of.items():
        old = origin.get(module, module)
        old_path = before.modules.path_of.get(old, "")
        old_facts, facts = before.facts.get(old_path), after.facts.get(path)
        if old != module or (facts is not old_facts and facts != old_facts):
            changed.add(module)
    return changed


def _affected(changed: Iterable[str], graph: LoadGraph) -> set[str]:
    """The modules during whose load a changed one is loaded, be it as a parent of theirs."""
    loading = _on_the_way(changed, graph)
    return {module for module in graph.loads if module in loading or not loading.isdisjoint(parents(module))}


def _loaded_from(modules: Iterable[str], graph: LoadGraph) -> set[str]:
    """What is loaded when any of the modules is, they and their parents included."""
    starts = set(modules)
    starts.update(parent for module in tuple(starts) for parent in parents(module))
    return reach(starts, graph.loads)


def _on_the_way(modules: Iterable[str], graph: LoadGraph) -> set[str]:
    """The modules that load any of the given ones, these included."""
    loaded_by: dict[str, list[str]] = {}
    for module, targets in graph.loads.items():
        for target in targets:
            loaded_by.setdefault(target, []).append(module)
    return reach(modules, loaded_by)


def _only_new(
    before: Program,
    found: Iterable[LoadFailure],
    origin: Mapping[str, str],
    renamed: Mapping[str, str],
    known: dict[bytes, LoadScript | None],
) -> list[LoadFailure]:
    """The failures that importing the same module first did not have, in whatever place it was then.

    A module that is new is compared with its package: that one is loaded first, and may have failed already.
    """
    found = tuple(found)
    graph = load_graph(before)
    old = {failure.start: _earlier(before, origin.get(failure.start, failure.start)) for failure in found}
    starts = sorted(filter(None, set(old.values())))
    reached = _loaded_from(starts, graph)
    groups = [group for group in cycles(graph.together()) if not group.isdisjoint(reached)]
    was = {
        (failure.start, renamed.get(failure.module, failure.module), failure.name)
        for failure in _failures(before, graph, starts, frozenset[str]().union(*groups), known)
    }
    return [failure for failure in found if (old[failure.start], failure.module, failure.name) not in was]


def _earlier(program: Program, module: str) -> str:
    """The module, or else the nearest package around it, that was there before; "" for none."""
    return next((name for name in (module, *reversed(parents(module))) if program.modules.exists(name)), "")


def _problems(program: Program, failures: Iterable[LoadFailure]) -> list[Problem]:
    """One problem for each place and name, told by its shortest chain."""
    places: dict[tuple[str, int, str], list[LoadFailure]] = {}
    for failure in failures:
        places.setdefault((failure.module, failure.line, failure.name), []).append(failure)
    problems = []
    for (module, line, name), shown in places.items():
        first = min(shown, key=lambda failure: (failure.conditional, len(failure.chain), failure.start))
        starts = len({failure.start for failure in shown})
        more = f" (and with {starts - 1} more)" if starts > 1 else ""
        condition = ", under a condition" if first.conditional else ""
        message = (
            f"{' -> '.join(path_of_cycle(first))}: `{name}` is not bound yet "
            f"when `{first.start}` is imported first{more}{condition}"
        )
        severity = "warning" if first.conditional else "error"
        problems.append(Problem(program.modules.path_of[module], line, "load-cycle", message, HINT, severity))
    return sorted(problems)


def path_of_cycle(failure: LoadFailure) -> tuple[str, ...]:
    """The modules that wait for each other: from the one that lacks a name to the one that asks it for it."""
    chain = failure.chain
    begin = chain.index(failure.source) if failure.source in chain else 0
    return (*chain[begin:], failure.source)
