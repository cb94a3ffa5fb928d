"""No alias stays at an old name longer than it says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding
from decomposer.model.problems import Problem
from decomposer.rewrite.alias import alias_expiry, alias_target


def check(scene: Scene) -> Iterator[Finding]:
    """An error for each alias whose day has come."""
    tree = scene.tree
    for path, name in tree.code.modules.name_of.items():
        source = tree.read(path) or b"" if tree.python[path].lines < _LONGEST else b""
        expires = alias_expiry(source)
        if expires and datetime.date.fromisoformat(expires) <= scene.today:
            problem = Problem(path, 0, "alias-expired", f"hands over {alias_target(source)} until {expires}, and stays",
                              "nothing should name it any more: remove it, or give it another day")  # fmt: skip
            yield Finding("aliases", problem, name)


_LONGEST = 100
"""No alias has that many lines: longer modules are not looked at."""
