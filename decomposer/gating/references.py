"""Every reference to the packages leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each reference that leads nowhere; a warning for each whose target only running it would tell."""
    for edge in scene.tree.graph.edges:
        if not edge.target:
            names = ", ".join(edge.names)
            hint = f"{edge.meant} is meant: decompose repair" if edge.meant else ""
            told = f"{names}: {edge.reason}" if names else edge.reason
            problem = Problem(edge.path, edge.line, "unresolved", told, hint, "error" if names else "warning")
            yield Finding("references", problem, f"{edge.source or edge.path}:{names}")
