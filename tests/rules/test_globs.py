"""Globs of rules, in the fast forms and as expressions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from decomposer.rules.kind import compile_glob, matcher

PARTS = st.lists(st.sampled_from(["a", "b", "_", "/", "*", "**", "?", ".py"]), max_size=6).map("".join)


@settings(derandomize=True, max_examples=2000, deadline=None)
@given(PARTS, st.lists(st.sampled_from(["a", "b", "_", "/", ".py"]), max_size=6).map("".join))
def test_every_glob_matches_what_its_expression_matches(pattern: str, value: str) -> None:
    """A glob that is compared as text gives the same answer as the expression it stands for."""
    assert (compile_glob(pattern).fullmatch(value) is not None) == matcher(pattern)(value)
