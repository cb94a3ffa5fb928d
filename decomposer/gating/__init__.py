"""What a pipeline must not let through; one file per check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from decomposer.gating import aliases, boundaries, contracts, placement, references, sizes
from decomposer.gating.scene import Scene
from decomposer.model.findings import Finding

Check = Callable[[Scene], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "boundaries": boundaries.check,
    "limits": sizes.check,
    "contract": contracts.check,
    "rules": placement.check,
    "references": references.check,
    "aliases": aliases.check,
}
"""Every check by name."""


def findings(scene: Scene, names: Iterable[str]) -> list[Finding]:
    """What some checks find, in the order of the checks and of places."""
    return [finding for name in names for finding in sorted(set(CHECKS[name](scene)))]
