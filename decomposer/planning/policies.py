"""What the rules say of a context's dependencies on modules of others."""

from __future__ import annotations

from decomposer.assigning.dependencies import speaking
from decomposer.assigning.traits import below_package
from decomposer.model.config import CORE, Dependency, RuleSet
from decomposer.planning.codebase import Codebase


class Policies:
    """Answers what the rules say of a context's dependency on a module; the core's own rules speak for everybody."""

    def __init__(self, rule_set: RuleSet, code: Codebase) -> None:
        self.code = code
        self.rules: dict[str, list[Dependency]] = {}
        for rule in rule_set.dependencies:
            self.rules.setdefault(rule.context, []).append(rule)

    def of(self, context: str, module: str) -> Dependency | None:
        """The rule that a context has for a module: one that names it, else the first with a pattern for it."""
        return next(iter(self._speaking(context, module)), None)

    def against(self, context: str, module: str) -> Dependency | None:
        """The rule that contradicts that one, as precise as it is."""
        told = self._speaking(context, module)
        return next((rule for rule in told if rule.policy != told[0].policy), None)

    def _speaking(self, context: str, module: str) -> list[Dependency]:
        own, general = self.rules.get(context, ()), self.rules.get(CORE, ())
        if not own and not general:
            return []
        return speaking(own, general, below_package(self.code.config, self.code.path(module)))

    def policy(self, context: str, module: str) -> str:
        """"share", "client", "copy", "deny", or "" where the rules say nothing."""
        rule = self.of(context, module)
        return rule.policy if rule is not None else ""
