"""The placement as the rules make it, with all that does not depend on it: what a solver starts from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from decomposer.assigning.owners import Assignment
from decomposer.assigning.traits import below_package
from decomposer.checks.quality_figures import Quality, calls_of, figures, modules_of
from decomposer.checks.transactions import touched_tables
from decomposer.graph.algorithms import strongly_connected
from decomposer.model.config import CORE, Config, RuleSet
from decomposer.model.edges import Graph, Route
from decomposer.model.facts import PythonFacts

Placement = Mapping[str, str]
"""The context of each file that one owns, the core's among them."""
_FIRM = frozenset({"modules", "routes", "tables"})
_PRICES = {"paths": 6, "symbols": 4, "keywords": 3, "follows": 3}
"""How many calls between services a change of one file has to save, by the kind of the rule that it overrules."""


class Hard(Struct, frozen=True):
    """What must not get worse.

    Lines over the limit in all, services over it, pairs of services that load each other in a circle, and tables that
    two services own.
    """

    overrun: int
    over: int
    circular: int
    tables_twice: int

    def worse_than(self, other: Hard, lines_owned_now: int = 0) -> list[str]:
        """What got worse, a text each, but for the lines of files that nobody owned before."""
        compared = (
            (self.overrun, other.overrun, lines_owned_now, "lines are over the limit"),
            (self.over, other.over, int(lines_owned_now > 0), "services are over the limit"),
            (self.circular, other.circular, 0, "pairs of services load each other in a circle"),
            (self.tables_twice, other.tables_twice, 0, "tables have two owners"),
        )
        return [f"{then:,} {what} (now {now:,})" for then, now, allowed, what in compared if then > now + allowed]


class Situation:
    """Files, ties between them, and what each change would cost; the placement as it is in `now`."""

    def __init__(
        self, config: Config, rule_set: RuleSet, graph: Graph, assignment: Assignment,
        facts: Mapping[str, PythonFacts], served: list[Route],
    ) -> None:  # fmt: skip
        self.config, self.rule_set, self.graph, self.assignment = config, rule_set, graph, assignment
        self.limits = config.limits
        self.contexts = tuple(context.name for context in rule_set.contexts)
        self.modules = modules_of(graph)
        self.now: Placement = {p: owner.context for p, owner in assignment.owners.items() if owner.context}
        self.unreachable = frozenset(node.path for node in graph.nodes if node.error)
        self.lines = {node.path: node.lines for node in graph.nodes if node.path in assignment.owners}
        self.calls = calls_of(graph)
        self.touched = touched_tables(graph, facts, served)
        paths = {name: path for path, name in self.modules.items()}
        self.loads = sorted({
            (edge.path, paths[edge.target]) for edge in graph.edges
            if edge.kind in ("load", "optional") and edge.target in paths and edge.path in self.modules
            and paths[edge.target] != edge.path
        })  # fmt: skip
        self.table_files: dict[str, list[str]] = {}
        for table in graph.tables:
            files = self.table_files.setdefault(table.name, [])
            if table.path not in files:
                files.append(table.path)

    def price(self, path: str) -> int:
        """What a change of a file's context costs, in calls between services; 0 for a file that has to stay."""
        owner = self.assignment.owners.get(path)
        if (
            owner is None or owner.context == CORE or path.endswith("/__init__.py") or path not in self.modules
            or path in self.unreachable or self.config.home_of(path) is not None
            or (not owner.context and owner.reason != "no rule claims it")  # two rules claim it: a team has to say
        ):  # fmt: skip
            return 0
        if not owner.context:
            return 1
        rules = [rule for rule in self.rule_set.rules if rule.place() == owner.rule]
        below = below_package(self.config, path)
        if not rules or rules[0].kind in _FIRM or any(below in rule.patterns for rule in rules if rule.kind == "paths"):
            return 0
        return _PRICES[rules[0].kind]

    def groups(self) -> list[tuple[str, ...]]:
        """The files that move as one: circles of loads, all that define one table, and a module with its namesake.

        A module and a package of one name hide one another, the other way round where they lie in two folders.
        """
        pairs = [(a, b) for a, b in self.loads if CORE not in (self.now.get(a), self.now.get(b))]
        together = [*strongly_connected(pairs), *(tuple(sorted(f)) for f in self.table_files.values() if len(f) > 1)]
        together += [(path, f"{path.removesuffix('.py')}/__init__.py") for path in self.assignment.owners]
        leader = {path: path for path in self.assignment.owners}

        def find(path: str) -> str:
            while leader[path] != path:
                path = leader[path]
            return path

        for group in together:
            for path in group[1:]:
                if path in leader and group[0] in leader:
                    leader[max(find(group[0]), find(path))] = min(find(group[0]), find(path))
        found: dict[str, list[str]] = {}
        for path in sorted(leader):
            found.setdefault(find(path), []).append(path)
        return [tuple(group) for group in found.values()]

    def sizes(self, placement: Placement) -> Counter[str]:
        """The lines of each context."""
        found: Counter[str] = Counter(dict.fromkeys(self.contexts, 0))
        for path, context in placement.items():
            found[context] += self.lines.get(path, 0)
        return found

    def hard(self, placement: Placement, former: Mapping[str, str] | None = None) -> Hard:
        """How a placement stands to what must hold; the core has its own limit and is nobody's to change.

        `former` names the context that a new one was a part of. A circle of services that has one of its parts in
        place of the whole is the one that was there; only parts of one context that load each other are a new one.
        """
        most = self.limits.service - 1
        sizes = {name: lines for name, lines in self.sizes(placement).items() if name != CORE}
        loads, whole = self.context_loads(placement), former or {}
        folded = {(whole.get(a, a), whole.get(b, b)) for a, b in loads}
        inside = [(a, b) for a, b in loads if whole.get(a, a) == whole.get(b, b)]
        circles = strongly_connected([*(pair for pair in folded if pair[0] != pair[1])]) + strongly_connected(inside)
        twice = sum(len({placement.get(f, "") for f in files} - {""}) > 1 for files in self.table_files.values())
        return Hard(
            sum(max(0, lines - most) for lines in sizes.values()), sum(lines > most for lines in sizes.values()),
            sum(len(circle) * (len(circle) - 1) for circle in circles), twice,
        )  # fmt: skip

    def context_loads(self, placement: Placement) -> set[tuple[str, str]]:
        """Which services load which."""
        pairs = ((placement.get(a, ""), placement.get(b, "")) for a, b in self.loads)
        return {(a, b) for a, b in pairs if a != b and not {"", CORE} & {a, b}}

    def quality(self, placement: Placement) -> Quality:
        """The quality figures of a placement."""
        return figures(self.calls, self.modules, self.touched, self.graph, lambda path: placement.get(path, ""),
                       self.limits)  # fmt: skip

    def crossing(self, placement: Placement) -> int:
        """How many calls go from service to service."""
        return sum(n for (a, b), n in self.calls.items()
                   if (mine := placement.get(a, "")) != (theirs := placement.get(b, ""))
                   and not {"", CORE} & {mine, theirs})  # fmt: skip

    def ties(self, paths: Iterable[str], placement: Placement) -> Counter[str]:
        """How many calls files have to and from each context, those among themselves left out."""
        own = frozenset(paths)
        found: Counter[str] = Counter()
        for (a, b), count in self.calls.items():
            if (a in own) != (b in own):
                found[placement.get(b if a in own else a, "")] += count
        return found
