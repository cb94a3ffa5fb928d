"""What speaks for a context when no rule does: who uses the file, what it uses, shared tables, its name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from decomposer.model.config import Owner, RuleSet
from decomposer.model.edges import Graph
from decomposer.rules.kind import Traits

_WEIGHTS = {"used by": 3.0, "uses": 2.0, "shares tables with": 2.0, "is named like": 1.0}
_COUNTED = frozenset({"load", "lazy", "optional", "call", "route", "dynamic"})
_COMMON_WORDS = frozenset({"services", "service", "routers", "router", "domain", "models", "schemas", "app",
                           "utils", "init", "api", "main", "manager", "base", "contexts"})  # fmt: skip


class Neighbours:
    """Which files of the package use which, with how many references; by path, tests left out."""

    def __init__(self, graph: Graph) -> None:
        self.users: dict[str, Counter[str]] = defaultdict(Counter)
        self.used: dict[str, Counter[str]] = defaultdict(Counter)
        self.tables: dict[str, Counter[str]] = defaultdict(Counter)
        paths = {node.name: node.path for node in graph.nodes if node.role in ("module", "package")}
        inside = set(paths.values())
        for edge in graph.edges:
            target = paths.get(edge.target)
            if target is None or edge.path not in inside or target == edge.path:
                continue
            if edge.kind == "table":
                self.tables[edge.path][target] += 1
                self.tables[target][edge.path] += 1
            elif edge.kind in _COUNTED and not edge.path.endswith("/__init__.py"):
                self.users[target][edge.path] += 1
                self.used[edge.path][target] += 1


def suggest(
    path: str,
    owners: Mapping[str, Owner],
    neighbours: Neighbours,
    traits: Mapping[str, Traits],
    rule_set: RuleSet,
) -> tuple[str, tuple[str, ...]]:
    """The best context for a file that no rule claims, and the evidence for it; ("", ()) without any."""
    scores: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for kind, links in (
        ("used by", neighbours.users), ("uses", neighbours.used), ("shares tables with", neighbours.tables),
    ):  # fmt: skip
        by_context: dict[str, Counter[str]] = {}
        for other, count in links.get(path, Counter()).items():
            context = owners[other].context if other in owners else ""
            if context and context != "core":
                by_context.setdefault(context, Counter())[traits[other].path] += count
        for context, files in by_context.items():
            scores[context] = scores.get(context, 0.0) + _WEIGHTS[kind] * min(sum(files.values()), 20)
            shown = ", ".join(name for name, _ in sorted(files.items(), key=lambda item: (-item[1], item[0]))[:3])
            evidence.setdefault(context, []).append(f"{kind} {shown}")
    words = {word for word in traits[path].words if word not in _COMMON_WORDS}
    for known in rule_set.contexts:
        alike = words & _context_words(known.name, rule_set)
        if alike:
            scores[known.name] = scores.get(known.name, 0.0) + _WEIGHTS["is named like"] * len(alike)
            evidence.setdefault(known.name, []).append(f"is named like it: {', '.join(sorted(alike))}")
    if not scores:
        return "", ()
    best = min(scores, key=lambda name: (-scores[name], name))
    return best, tuple(evidence[best])


def _context_words(name: str, rule_set: RuleSet) -> set[str]:
    words = set(name.split("-"))
    for rule in rule_set.rules:
        if rule.context == name and rule.kind == "keywords":
            words.update(rule.patterns)
    return words - {"management"}
