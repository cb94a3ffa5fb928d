"""Rules by names of database tables that the file defines."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits, first_match


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return first_match(patterns, traits.tables)


KIND = RuleKind("tables", 50, _matches, "names of database tables that the file defines, `agent_*`")
