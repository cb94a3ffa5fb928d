"""Rules by keyword: whole words of the file's path, `services/gpu_pool.py` having services, gpu and pool."""

from __future__ import annotations

from decomposer.rules.kind import RuleKind, Traits


def _matches(patterns: tuple[str, ...], traits: Traits) -> str:
    return next((word for word in patterns if word in traits.words), "")


KIND = RuleKind("keywords", 30, _matches, "whole words in the file's path, `gpu`")
