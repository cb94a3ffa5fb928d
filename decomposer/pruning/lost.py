"""What would no longer be loaded at the start: imports without a use may be all that loads a module."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from decomposer.checks.load_graph import Program, load_graph
from decomposer.extracting.tree import Tree
from decomposer.graph.algorithms import parents, reach
from decomposer.model.dead_code import DEAD, Finding
from decomposer.model.problems import Problem
from decomposer.pruning.selecting import Selection, without_needed

_NOTHING_DONE = frozenset({"__all__", "logger", "log"})
"""Names that a module may bind without doing anything by it."""


def lost_modules(before: Tree, after: Tree, selection: Selection) -> set[str]:
    """Modules that the applications need and load at the start now, and would not load any more."""
    going = {finding.module for finding in selection.findings if not finding.name}
    return loaded_modules(before) - loaded_modules(after) - going - selection.unreached


def settled(tree: Tree, after: Tree, selection: Selection, lost: Collection[str]) -> Selection:
    """The selection with modules in whole that would be empty and unused, and without what would lose any other one."""
    found = list(selection.findings)
    problems = list(selection.problems)
    used = {edge.target for edge in after.graph.edges}
    for module in sorted(lost):
        parts = [finding for finding in found if finding.module == module and finding.name]
        if not parts:
            loading = _loading(tree, module, {finding.module for finding in found if not finding.name})
            parts = [finding for finding in found if finding.module in loading and not finding.name]
        if parts and parts[0].name and module not in used and _is_empty(after, module):
            path = tree.code.path(module)
            found = [finding for finding in found if finding not in parts]
            users = tuple(sorted({user for part in parts for user in part.users if user[0] != module}))
            found.append(Finding(module, "", "module", path, 1, tree.python[path].lines, DEAD, users=users))
        elif parts:
            staying = [part for part in parts if any(one.kind == "import" for one in part.evidence)] or parts
            found = [finding for finding in found if finding not in staying]
            first = staying[0]
            told = f"{first.subject()} stays: nothing else loads {module} at the start"
            problems.append(Problem(first.path, first.line, "loads-more", told, severity="warning"))
    if found == list(selection.findings):
        return replace(selection, findings=())
    return replace(selection, findings=without_needed(found), problems=tuple(problems))


def _loading(tree: Tree, module: str, among: Collection[str]) -> set[str]:
    """Which of some modules load another one, directly or not."""
    leads = load_graph(program_of(tree)).loads
    return {name for name in among if module in reach([name], leads)}


def loaded_modules(tree: Tree) -> set[str]:
    """The modules that are loaded when the applications are."""
    leads = load_graph(program_of(tree)).loads
    starts = [name.partition(":")[0] for name in tree.config.entries]
    known = [name for start in starts for name in (*parents(start), start)]
    return {name for name in reach(known, leads) if tree.code.modules.exists(name)}


def program_of(tree: Tree) -> Program:
    """A repository as the simulation of loads sees it."""
    return Program(tree.code.modules, tree.python, tree.read)


def _is_empty(after: Tree, module: str) -> bool:
    """Whether nothing is left in a module that does anything."""
    facts = after.code.of(module)
    imported = {bound for fact in facts.imports for _, bound in fact.names}
    does = facts.definitions or facts.dynamics or facts.routes or facts.tables or any(not u.scope for u in facts.uses)
    return not does and not after.code.is_package(module) and set(facts.bindings) - imported <= _NOTHING_DONE
