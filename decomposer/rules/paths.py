"""Rules by path globs below the package."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits, first_match


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return first_match(patterns, (traits.path,))


KIND = RuleKind("paths", 60, _matches, "path globs below the package, `services/agent_*.py`")
