"""No alias stays at an old name longer than it says."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.extracting.expiring import aliases
from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each alias whose day has come."""
    for alias in aliases(scene.tree):
        if alias.expires <= scene.today:
            problem = Problem(alias.path, 0, "alias-expired", f"hands over {alias.target} until "
                              f"{alias.expires.isoformat()}, and stays", "decompose finish aliases, once nothing names "
                              "it any more; or give it another day")  # fmt: skip
            yield Finding("aliases", problem, alias.name)
