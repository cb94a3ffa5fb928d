"""Rules for files that follow: they belong where everything that uses them belongs."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits, first_match


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return first_match(patterns, (traits.path,))


KIND = RuleKind("follows", 20, _matches, "path globs of files that go where all their users are, `services/*.py`")
