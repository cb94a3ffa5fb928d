"""Every service and every file is within its limit of lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from decomposer.checks.limits import service_size
from decomposer.gating.scene import Scene
from decomposer.model.config import CORE
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each service and file over its limit, a warning for each service over its target."""
    config, assignment = scene.tree.config, scene.tree.assignment
    limits = config.limits
    nodes = [node for node in scene.tree.graph.nodes if node.role in ("module", "package")]
    lines: Counter[str] = Counter()
    for node in nodes:
        lines[assignment.context(node.path)] += node.lines
        if node.lines > limits.file:
            problem = Problem(node.path, 0, "file-over-limit", f"has {node.lines:,} lines of {limits.file:,}",
                              f"decompose split {node.name} --plan")  # fmt: skip
            yield Finding("limits", problem, node.name, node.lines)
    lines[CORE] = scene.tree.core_lines
    for name in [CORE, *(context.name for context in scene.tree.rule_set.contexts)]:
        size = service_size(name, lines[name], limits)
        if size.verdict == "over limit":
            told = f"{name} has {size.lines:,} lines, and should stay below {limits.service:,}"
            problem = Problem(_place(scene, name), 0, "service-over-limit", told, f"decompose limits {name}")
            yield Finding("limits", problem, name, size.lines)
        elif size.verdict == "over target":
            problem = Problem(_place(scene, name), 0, "service-over-target", f"{name} has {size.lines:,} lines: the "
                              f"target is {limits.service_target:,}", severity="warning")  # fmt: skip
            yield Finding("limits", problem, name, size.lines)


def _place(scene: Scene, name: str) -> str:
    """The folder of a service or the core; while that is not there, the context's rule file, or the monolith itself."""
    tree = scene.tree
    folder = tree.config.service(name)
    if any(path.startswith(f"{folder}/") for path in tree.everything):
        return folder
    context = tree.rule_set.context(name)
    return context.path if context is not None and context.path in tree.everything else tree.config.root()
