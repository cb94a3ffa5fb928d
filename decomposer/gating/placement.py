"""The rules say whose every file is, and nothing that is not there any more."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each conflict, each file that no rule claims, and each rule of the team's that matches nothing."""
    tree = scene.tree
    own = frozenset(tree.everything)
    for problem in tree.assignment.problems:
        if problem.code != "rule-matches-nothing":
            yield Finding("rules", problem, problem.path)
        elif problem.path in own:
            yield Finding("rules", replace(problem, severity="error"), f"{problem.path}:{problem.message}")
    for path, owner in tree.assignment.owners.items():
        if not owner.context and path in tree.code.modules.name_of:
            hint = f"{owner.suggestion} seems right: {'; '.join(owner.evidence[:2])}" if owner.suggestion else ""
            problem = Problem(path, 0, "unassigned", f"belongs to no context: {owner.reason}", hint)
            yield Finding("rules", problem, tree.code.modules.name_of[path])
