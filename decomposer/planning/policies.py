"""What the rules say of a context's dependencies on modules of others."""

from __future__ import annotations

from decomposer.assigning.traits import below_package
from decomposer.model.config import CORE, Dependency, RuleSet
from decomposer.planning.codebase import Codebase
from decomposer.rules.kind import compile_glob, is_literal


class Policies:
    """Answers what the rules say of a context's dependency on a module; the core's own rules speak for everybody."""

    def __init__(self, rule_set: RuleSet, code: Codebase) -> None:
        self.code = code
        self.rules: dict[str, list[Dependency]] = {}
        for rule in rule_set.dependencies:
            self.rules.setdefault(rule.context, []).append(rule)
        self._expressions = {p: compile_glob(p) for rule in rule_set.dependencies for p in rule.patterns}

    def of(self, context: str, module: str) -> Dependency | None:
        """The rule that a context has for a module: one that names it, else the first with a pattern for it."""
        rules = [*self.rules.get(context, ()), *self.rules.get(CORE, ())]
        if not rules:
            return None
        below = below_package(self.code.config, self.code.path(module))
        matching = [(rule, p) for rule in rules for p in rule.patterns if self._expressions[p].fullmatch(below)]
        named = [rule for rule, pattern in matching if is_literal(pattern)]
        return next(iter([*named, *(rule for rule, _ in matching)]), None)

    def policy(self, context: str, module: str) -> str:
        """"share", "client", "copy", "deny", or "" where the rules say nothing."""
        rule = self.of(context, module)
        return rule.policy if rule is not None else ""
