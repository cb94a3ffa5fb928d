"""The rules say whose every file is, and nothing that is not there any more."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from decomposer.extracting.tree import Tree
from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each conflict, each file that no rule claims, and each rule of the team's that matches nothing.

    A warning for each name that may be called again, and that no module has of which it is said.
    """
    tree = scene.tree
    own = frozenset(tree.everything)
    for problem in tree.assignment.problems:
        if problem.code != "rule-matches-nothing":
            yield Finding("rules", problem, f"{problem.path}:{problem.message}" if problem.line else problem.path)
        elif problem.path in own:
            yield Finding("rules", replace(problem, severity="error"), f"{problem.path}:{problem.message}")
    for path, owner in tree.assignment.owners.items():
        if not owner.context and path in tree.code.modules.name_of:
            hint = f"{owner.suggestion} seems right: {'; '.join(owner.evidence[:2])}" if owner.suggestion else ""
            problem = Problem(path, 0, "unassigned", f"belongs to no context: {owner.reason}", hint)
            yield Finding("rules", problem, tree.code.modules.name_of[path])
    for problem in _unknown_names(tree):
        yield Finding("rules", problem, f"{problem.path}:{problem.message}")


def _unknown_names(tree: Tree) -> Iterator[Problem]:
    code = tree.code
    for rule in tree.rule_set.dependencies:
        speaks_of = [module for module in code.modules.path_of if tree.policies.of(rule.context, module) is rule] \
            if rule.idempotent else []  # fmt: skip
        known = {one.name.rpartition(".")[2] for module in speaks_of for one in code.of(module).definitions}
        for name in rule.idempotent if speaks_of else ():
            if name.rpartition(".")[2] not in known:
                yield Problem(rule.path, rule.line, "not-called", f"`{name}` is said to be idempotent, and is no "
                              f"function of {speaks_of[0]}" + (" or another" if speaks_of[1:] else ""), "", "warning"
                              )  # fmt: skip
