"""Rules by dotted module names below the package."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits, first_match


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return first_match(patterns, (traits.module,))


KIND = RuleKind("modules", 90, _matches, "dotted module names below the package, `services.jobs` or `services.agent_*`")
