"""The placement with the fewest ties between services that keeps what must hold, found by OR-tools' CP-SAT."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from decomposer.graph.algorithms import strongly_connected
from decomposer.model.config import CORE
from decomposer.model.problems import DecomposerError, Problem
from decomposer.placing.situation import Placement, Situation

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EFFORT = 4.0
"""CP-SAT's deterministic time for each search: the same answer on every machine, in some seconds on most."""
_CALL = 3
"""What a call between services weighs; one more context in a route's transaction, which is known less surely, weighs 1.
So do a hundred lines over the aim."""
_UNOWNED = 8
"""How many calls it is worth that a file has an owner."""


class Unit(Struct, frozen=True):
    """Files that move as one, where they may go to, and what it costs if they leave where they are."""

    files: tuple[str, ...]
    choices: tuple[str, ...]
    price: int


def solver() -> type[cp_model.CpModel]:
    """CP-SAT's models; raises DecomposerError where OR-tools is not installed."""
    try:
        from ortools.sat.python.cp_model import CpModel
    except ImportError:
        raise DecomposerError(Problem("suggest", 0, "not-installed", "needs OR-tools, which is not installed",
                                      "pip install 'decomposer[suggest]'")) from None  # fmt: skip
    return CpModel


def search(model: cp_model.CpModel, effort: float) -> cp_model.CpSolver | None:
    """The best solution that is found with so much effort, the same every time; None where none is."""
    from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL, CpSolver

    found = CpSolver()
    found.parameters.num_workers = 1
    found.parameters.random_seed = 1
    found.parameters.max_deterministic_time = effort
    return found if found.solve(model) in (OPTIMAL, FEASIBLE) else None


def units(situation: Situation) -> list[Unit]:
    """The files that may move, circles and tables as one; a group with a file that has to stay stays."""
    now = situation.now
    near: dict[str, set[str]] = {}
    for a, b in situation.calls:
        near.setdefault(a, set()).add(now.get(b, ""))
        near.setdefault(b, set()).add(now.get(a, ""))
    found = []
    for group in situation.groups():
        prices = [situation.price(path) for path in group]
        here = {now.get(path, "") for path in group}
        if not all(prices) or len(here) > 1:
            continue
        current = here.pop()
        there = set().union(*(near.get(path, ()) for path in group)) & set(situation.contexts)
        if not current:  # what several contexts use alike is for a team to place, or for the core
            ties = situation.ties(group, now)
            there = {name for name in there if 2 * ties[name] > sum(ties[other] for other in situation.contexts)}
        choices = sorted(there - {current})
        if choices:
            found.append(Unit(group, (current, *choices), sum(prices)))
    return found


def best_placement(situation: Situation, staying: Container[str] = ()) -> Placement:
    """Every file's context: lines over the limit first, then calls and transactions across, and changes, are fewest.

    Files `staying` are not moved. Raises DecomposerError where OR-tools is not installed.
    """
    movable = [unit for unit in units(situation) if not any(path in staying for path in unit.files)]
    return _Search(situation, movable).best()


class _Search:
    """One model: a variable for each unit and context it may be of, and what follows from them."""

    def __init__(self, situation: Situation, movable: list[Unit]) -> None:
        self.situation, self.movable = situation, movable
        self.model = solver()()
        self.fixed = [self.model.new_constant(0), self.model.new_constant(1)]
        self.place: dict[str, Mapping[str, cp_model.IntVar]] = {}
        self.of_unit: list[dict[str, cp_model.IntVar]] = []
        for number, unit in enumerate(movable):
            choice = {name: self.model.new_bool_var(f"{number} {name}") for name in unit.choices}
            self.model.add_exactly_one(choice.values())
            self.model.add_hint(choice[unit.choices[0]], 1)
            self.of_unit.append(choice)
            for path in unit.files:
                self.place[path] = choice
        self._keep_apart()

    def best(self) -> Placement:
        if not self.movable:
            return self.situation.now
        overrun, aim = self._overrun()
        first = self._solve(sum(overrun))
        least = int(first.objective_value + 0.5)
        self.model.add(sum(overrun) <= least)
        # Fewer lines over the limit, or an owner for what has none, may cost calls; else neither aim may suffer.
        is_bound = least == self.situation.hard(self.situation.now).overrun and all(u.choices[0] for u in self.movable)
        cost: list[cp_model.LinearExprT] = list(aim)
        for weight, (ties, now) in ((_CALL, self._calls()), (1, self._transactions())):
            cost.append(weight * sum(ties))
            if is_bound:
                self.model.add(sum(ties) <= now)
        for unit, choice in zip(self.movable, self.of_unit, strict=True):
            left = choice[unit.choices[0]]
            cost.append(_CALL * (unit.price * (1 - left) if unit.choices[0] else _UNOWNED * left))
        second = self._solve(sum(cost))
        placed = dict(self.situation.now)
        for unit, choice in zip(self.movable, self.of_unit, strict=True):
            name = next(name for name, variable in choice.items() if second.boolean_value(variable))
            for path in unit.files:
                placed.pop(path, None)
                if name:
                    placed[path] = name
        return placed

    def _solve(self, cost: cp_model.LinearExprT) -> cp_model.CpSolver:
        self.model.minimize(cost)
        found = search(self.model, EFFORT)
        if found is None:
            raise AssertionError("the placement as it is keeps what must hold, so there is one")
        return found

    def _is(self, path: str, context: str) -> cp_model.LinearExpr:
        """1 where a file is in a context: a variable where it may move, else a constant."""
        choice = self.place.get(path)
        if choice is None:
            return self.fixed[self.situation.now.get(path, "") == context]
        return choice.get(context, self.fixed[False])

    def _contexts(self, path: str) -> list[str]:
        """The services that a file may be in."""
        found = self.place.get(path) or (self.situation.now.get(path, ""),)
        return [name for name in found if name not in ("", CORE)]

    def _keep_apart(self) -> None:
        """No circle of loads between services but those that are there."""
        loads = self.situation.context_loads(self.situation.now)
        circle = {name: group for group in strongly_connected(loads) for name in group}
        part = {name: circle.get(name, (name,))[0] for name in self.situation.contexts}
        rank = {name: self.model.new_int_var(0, len(part), f"rank {name}") for name in sorted(set(part.values()))}
        goes: dict[tuple[str, str], cp_model.IntVar] = {}
        for a in sorted(rank):
            for b in sorted(rank):
                if a != b:
                    goes[a, b] = self.model.new_bool_var(f"{a} loads {b}")
                    self.model.add(rank[a] > rank[b]).only_enforce_if(goes[a, b])
        for mine, theirs in sorted(loads):
            if part[mine] != part[theirs] and self._stays(mine, theirs):
                self.model.add(goes[part[mine], part[theirs]] == 1)
        for a, b in self.situation.loads:
            if a in self.place or b in self.place:
                for mine in self._contexts(a):
                    for theirs in self._contexts(b):
                        if part[mine] != part[theirs]:
                            self.model.add(
                                self._is(a, mine) + self._is(b, theirs) - 1 <= goes[part[mine], part[theirs]]
                            )

    def _stays(self, mine: str, theirs: str) -> bool:
        """Whether files that cannot move let one service load the other."""
        now = self.situation.now
        return any(now.get(a) == mine and now.get(b) == theirs for a, b in self.situation.loads
                   if a not in self.place and b not in self.place)  # fmt: skip

    def _overrun(self) -> tuple[list[cp_model.IntVar], list[cp_model.IntVar]]:
        """Of each service the lines over the limit, and the hundreds of lines over the aim."""
        limits, sizes = self.situation.limits, self.situation.sizes(self.situation.now)
        everything = sum(self.situation.lines.values())
        weights = [sum(self.situation.lines[path] for path in unit.files) for unit in self.movable]
        overrun, aim = [], []
        for name in self.situation.contexts:
            fixed = sum(lines for path, lines in self.situation.lines.items()
                        if path not in self.place and self.situation.now.get(path) == name)  # fmt: skip
            moving = sum(size * choice[name] for size, choice in zip(weights, self.of_unit, strict=True)
                         if name in choice)  # fmt: skip
            over = self.model.new_int_var(0, everything, f"over {name}")
            self.model.add(over >= fixed + moving - (limits.service - 1))
            if sizes[name] < limits.service:
                self.model.add(fixed + moving <= limits.service - 1)
            hundreds = self.model.new_int_var(0, everything // 100 + 1, f"aim {name}")
            self.model.add(100 * hundreds >= fixed + moving - max(limits.service_target, sizes[name]))
            overrun.append(over)
            aim.append(hundreds)
        return overrun, aim

    def _calls(self) -> tuple[list[cp_model.LinearExprT], int]:
        """Of each pair of files with calls the calls where they are in two services; and their sum now."""
        found: list[cp_model.LinearExprT] = []
        before = 0
        ties: dict[tuple[str, str], int] = {}
        for (a, b), count in self.situation.calls.items():
            if a in self.place or b in self.place:
                ties[min(a, b), max(a, b)] = ties.get((min(a, b), max(a, b)), 0) + count
        for (a, b), count in sorted(ties.items()):
            if self.place.get(a) is self.place.get(b) or not self._contexts(a) or not self._contexts(b):
                continue
            apart = self.model.new_bool_var(f"{a} {b}")
            for name in self._contexts(a):
                self.model.add(self._is(a, name) - self._is(b, name) <= apart)
            found.append(count * apart)
            before += count * (self.situation.now.get(a) != self.situation.now.get(b))
        return found, before

    def _transactions(self) -> tuple[list[cp_model.LinearExprT], int]:
        """Of each set of tables that routes come to how many services own one, for each route; and their sum now."""
        found: list[cp_model.LinearExprT] = []
        before = 0
        routes: dict[tuple[str, ...], int] = {}
        for _, tables in self.situation.touched:
            files = tuple(sorted({path for table in tables for path in self.situation.table_files[table]}))
            if any(path in self.place for path in files):
                routes[files] = routes.get(files, 0) + 1
        for files, count in sorted(routes.items()):
            for name in sorted({name for path in files for name in self._contexts(path)}):
                owns = self.model.new_bool_var("")
                for path in files:
                    self.model.add(self._is(path, name) <= owns)
                found.append(count * owns)
                before += count * any(self.situation.now.get(path) == name for path in files)
        return found, before
