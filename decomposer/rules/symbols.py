"""Rules by classes and functions that the file defines at its top level."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits, first_match


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return first_match(patterns, traits.symbols)


KIND = RuleKind("symbols", 45, _matches, "classes and functions that the file defines at its top level, `Agent*`")
