"""What this tool's own environment has: the last that tells which distribution something imported belongs to."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from functools import cache

from packaging.utils import canonicalize_name


@cache
def own_providers() -> Mapping[str, tuple[str, ...]]:
    """The distributions of this environment by the top-level names that they have; nothing of it is imported."""
    found = importlib.metadata.packages_distributions()
    return {name: tuple(sorted(set(map(canonicalize_name, has)))) for name, has in found.items()}
