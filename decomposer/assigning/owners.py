"""Who owns each file: the rule that speaks loudest; two that speak equally loud are a problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from msgspec import Struct

from decomposer.assigning.dependencies import dependency_problems
from decomposer.assigning.evidence import Neighbours, suggest
from decomposer.model.config import CORE, INTERNAL, Owner, Rule, RuleSet
from decomposer.model.edges import Graph
from decomposer.model.problems import Problem
from decomposer.rules import KINDS
from decomposer.rules.kind import Traits, first_match, is_literal

Matches = Callable[[tuple[str, ...], Traits], str]


class Idle(Struct, frozen=True):
    """Patterns that match no file, of a rule of some kind or of a "dependency", at a line of a rule file."""

    path: str
    line: int
    kind: str
    patterns: tuple[str, ...]

    def problem(self) -> Problem:
        """A warning that says so."""
        return Problem(self.path, self.line, "rule-matches-nothing",
                       f"{self.kind} {', '.join(self.patterns)}: matches no file", severity="warning")  # fmt: skip


class Assignment(Struct, frozen=True):
    """The owner of every file of the package, by path, what is wrong with the rules, and what in them is idle."""

    owners: Mapping[str, Owner]
    problems: tuple[Problem, ...]
    idle: tuple[Idle, ...] = ()

    def context(self, path: str) -> str:
        """The context (or "core", or "") that owns a file."""
        owner = self.owners.get(path)
        return owner.context if owner else ""


class _Claim(Struct, frozen=True):
    rule: Rule
    matched: str


def assign(
    rule_set: RuleSet, traits: Mapping[str, Traits], graph: Graph, gone: Mapping[str, str] | None = None
) -> Assignment:
    """An owner for each file: by rule, then by following its users, else nobody with a suggestion.

    `gone` are the files that have left the monolith, each with the context that it has gone to.
    """
    gone = gone or {}
    problems: list[Problem] = []
    owners: dict[str, Owner] = {}
    following = [rule for rule in rule_set.rules if rule.kind == "follows"]
    written_out, by_word, matching = _sort_rules(rule_set)
    used: set[Rule] = set()
    endpoints = {f"{INTERNAL}/{context.name.replace('-', '_')}.py": context.name for context in rule_set.contexts}
    endpoints[f"{INTERNAL}/__init__.py"] = CORE
    for path in sorted(traits):
        known = traits[path]
        claims = [_Claim(rule, known.path) for rule in written_out.get(known.path, ())]
        claims += [_Claim(rule, word) for word in dict.fromkeys(known.words) for rule in by_word.get(word, ())]
        claims += [_Claim(rule, hit) for rule, matches in matching if (hit := matches(rule.patterns, known))]
        used.update(claim.rule for claim in claims)
        left = Owner(path, gone[path], "has left the monolith") if path in gone else None
        if known.path in endpoints and left is None:
            left = Owner(path, endpoints[known.path], "what other services call of it")
        if known.hands_on and not claims:
            left = Owner(path, CORE, "the core's, which it hands on")
        owners[path] = left or _decide(path, claims, problems)
    if any(not owner.context for owner in owners.values()):
        neighbours = Neighbours(graph)
        _follow(owners, following, traits, neighbours, used, _starting(graph))
        for path, owner in owners.items():
            if not owner.context:
                suggestion, evidence = suggest(path, owners, neighbours, traits, rule_set)
                reason = owner.reason or "no rule claims it"
                owners[path] = Owner(path, "", reason, suggestion=suggestion, evidence=evidence)
    problems += dependency_problems(rule_set, owners, {known.path: path for path, known in traits.items()})
    idle = tuple(_idle(rule_set, used, traits))
    return Assignment(owners, tuple(sorted([*problems, *(one.problem() for one in idle)])), idle)


def _idle(rule_set: RuleSet, used: Collection[Rule], traits: Mapping[str, Traits]) -> Iterator[Idle]:
    for rule in rule_set.rules:
        if rule not in used and rule.kind != "follows":
            yield Idle(rule.path, rule.line, rule.kind, rule.patterns)
    paths = tuple(known.path for known in traits.values())
    for dependency in rule_set.dependencies:
        for pattern in dependency.patterns:
            if not first_match((pattern,), paths):
                yield Idle(dependency.path, dependency.line, "dependency", (pattern,))


def _sort_rules(
    rule_set: RuleSet,
) -> tuple[dict[str, list[Rule]], dict[str, list[Rule]], list[tuple[Rule, Matches]]]:
    """Rules for one path each, by path; rules by keyword; and the rules that have to be tried on every file."""
    written_out: dict[str, list[Rule]] = {}
    by_word: dict[str, list[Rule]] = {}
    matching: list[tuple[Rule, Matches]] = []
    for rule in rule_set.rules:
        if rule.kind == "paths" and all(is_literal(pattern) for pattern in rule.patterns):
            for pattern in rule.patterns:
                written_out.setdefault(pattern, []).append(rule)
        elif rule.kind == "keywords":
            for word in rule.patterns:
                by_word.setdefault(word, []).append(rule)
        elif rule.kind != "follows":
            matching.append((rule, KINDS[rule.kind].matches))
    return written_out, by_word, matching


def _decide(path: str, claims: list[_Claim], problems: list[Problem]) -> Owner:
    if not claims:
        return Owner(path, "")
    top = max(claim.rule.precedence for claim in claims)
    best = [claim for claim in claims if claim.rule.precedence == top]
    contexts = sorted({claim.rule.context for claim in best})
    if len(contexts) > 1:
        told = " and ".join(f"`{c.rule.context}` ({c.rule.kind} at {c.rule.place()})" for c in best)
        problems.append(Problem(path, 0, "rule-conflict", f"claimed with equal precedence {top} by {told}",
                                "give one of the two rules a higher `precedence`"))  # fmt: skip
        return Owner(path, "", f"claimed by {' and '.join(contexts)} with equal precedence")
    rule, matched = best[0].rule, best[0].matched
    kind = rule.kind if rule.context != CORE else "shared"
    return Owner(path, rule.context, f"{rule.reason} ({kind}: {matched})", rule.place(), rule.precedence)


def _starting(graph: Graph) -> frozenset[str]:
    """The files of the modules that applications with routes start from."""
    entries = {route.entry.partition(":")[0] for route in graph.routes if route.entry}
    return frozenset(node.path for node in graph.nodes if node.name in entries)


def _follow(
    owners: dict[str, Owner],
    rules: list[Rule],
    traits: Mapping[str, Traits],
    neighbours: Neighbours,
    used: set[Rule],
    starting: Collection[str],
) -> None:
    """Files that go where all their users are, until nothing changes; users must all be of one context.

    What applications start from follows nobody: whoever uses it starts it, too.
    """
    changed = True
    while changed:
        changed = False
        for path in sorted(owners):
            if owners[path].context or owners[path].reason or path in starting:
                continue
            users: Mapping[str, int] = neighbours.users.get(path, {})
            contexts = {owners[user].context for user in users if user in owners} - {CORE}
            if len(contexts) != 1 or "" in contexts:
                continue
            context = contexts.pop()
            for rule in rules:
                if rule.context == context and KINDS["follows"].matches(rule.patterns, traits[path]):
                    user = min(user for user in users if user in owners and owners[user].context == context)
                    reason = f"{rule.reason} (follows {traits[user].path})"
                    owners[path] = Owner(path, context, reason, rule.place(), rule.precedence)
                    used.add(rule)
                    changed = True
                    break
