"""What is wrong with how dependencies are settled: two that contradict each other, and one that speaks of nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from decomposer.model.config import CORE, Dependency, Owner, RuleSet
from decomposer.model.problems import Problem
from decomposer.rules.kind import is_literal, matcher

_matcher = cache(matcher)
_TOLD = 3
"""So many of the files that two of them contradict each other about are named."""


def speaking(own: Iterable[Dependency], general: Iterable[Dependency], file: str) -> list[Dependency]:
    """The rules that settle a file, all equally precise: the first is meant, and others may contradict it.

    They are a context's own that write its path out, else general ones that do, else those with a pattern for it.
    """
    ways = ((_by_name, own), (_by_name, general), (_by_pattern, own), (_by_pattern, general))
    return next((found for find, rules in ways if (found := find(rules, file))), [])


def dependency_problems(rule_set: RuleSet, owners: Mapping[str, Owner], below: Mapping[str, str]) -> Iterator[Problem]:
    """An error for each two that settle a file differently, a warning for each that names its context's own files.

    `below` are the files as rules write them, each with its path. The core's own are for every context, and come
    after what a context says for itself: that is no contradiction.
    """
    of: dict[str, list[Dependency]] = {}
    for rule in rule_set.dependencies:
        of.setdefault(rule.context, []).append(rule)
    for context, rules in of.items():
        others = [file for file, path in below.items() if context == CORE or owners[path].context != context]
        yield from _contradictions(context, rules, of.get(CORE, []), others)
        for rule in rules if context != CORE else ():
            yield from _of_its_own(rule, below, set(others))


def _contradictions(
    context: str, rules: list[Dependency], general: list[Dependency], files: Iterable[str]
) -> Iterator[Problem]:
    """An error for each two of a context's rules that settle a file together and differ."""
    about: dict[tuple[str, str], list[str]] = {}
    places: dict[tuple[str, str], tuple[Dependency, Dependency]] = {}
    for file in files:
        told = speaking(rules, general, file)
        for rule in told[1:]:
            if rule.policy != told[0].policy and rule.context == context:
                key = told[0].place(), rule.place()
                about.setdefault(key, []).append(file)
                places[key] = told[0], rule
    for key, (first, second) in places.items():
        found = sorted(about[key])
        told_files = ", ".join(found[:_TOLD]) + (f" and {len(found) - _TOLD} more" if found[_TOLD:] else "")
        yield Problem(second.path, second.line, "rule-conflict", f"{told_files}: policy `{second.policy}` contradicts "
                      f"`{first.policy}` of another [[dependency]] of `{second.context}`", f"the other is at "
                      f"{first.place()}: keep one of the two, or write out the path in the one that is meant"
                      )  # fmt: skip


def _by_name(rules: Iterable[Dependency], file: str) -> list[Dependency]:
    return [rule for rule in rules if file in rule.patterns]


def _by_pattern(rules: Iterable[Dependency], file: str) -> list[Dependency]:
    return [rule for rule in rules if any(not is_literal(p) and _matcher(p)(file) for p in rule.patterns)]


def _of_its_own(rule: Dependency, files: Iterable[str], others: set[str]) -> Iterator[Problem]:
    """A warning for what names files of the rule's own context alone."""
    for pattern in rule.patterns:
        matches = _matcher(pattern)
        found = [file for file in files if matches(file)]
        if found and not others.intersection(found):
            yield Problem(rule.path, rule.line, "rule-of-its-own", f"dependency {pattern}: `{rule.context}` owns what "
                          "it names, and depends on others alone", "name files of other contexts", "warning"
                          )  # fmt: skip
