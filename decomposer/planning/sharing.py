"""What goes to the shared core: what two or more contexts need and is no context's logic, as far as it fits."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from decomposer.model.config import CORE
from decomposer.planning.codebase import Codebase, is_importable
from decomposer.planning.contents import service_contents
from decomposer.planning.policies import Policies


class Sharing(Struct, frozen=True):
    """The modules that go to the core with who needs them, and those for which there is no room, or that are gone."""

    modules: dict[str, frozenset[str]]
    left_out: dict[str, frozenset[str]]
    gone: frozenset[str] = frozenset()

    @property
    def without_room(self) -> frozenset[str]:
        """Those that the core would have, did they fit."""
        return frozenset(self.left_out.keys() - self.gone)


def plan_sharing(code: Codebase, contexts: Collection[str], policies: Policies, limit: int) -> Sharing:
    """What the core is to hold, fewer than `limit` lines of it.

    A module counts with everything that it needs itself. What the rules give to the core goes first, then what they
    say is to be shared, then what most contexts need; what the core has already stays there.
    """
    needed: dict[str, set[str]] = {}
    wished: set[str] = set()
    for context in contexts:
        found = service_contents(code, context, ())
        for module in (*found.copies, *found.own, *(m for m in found.with_code if code.has_code(m))):
            policy = policies.policy(context, module)
            if policy == "share":
                wished.add(module)
            if policy in ("", "share") or code.owner(module) in (CORE, context):
                needed.setdefault(module, set()).add(context)
    wanted = {
        module: frozenset(users)
        for module, users in needed.items()
        if (not code.is_parted(module) or code.has_code(module))
        and (code.is_shareable(module) or module in wished)
        and (code.owner(module) == CORE or len(users) > 1 or module in wished)
    }
    wanted = {m: users for m, users in wanted.items() if code.owner(m) == CORE or _outside(code, m, users)}
    taken: dict[str, frozenset[str]] = {}
    left: dict[str, frozenset[str]] = {}
    room = limit - 1 - sum(_lines_in_core(code, m) for m in code.modules.path_of if code.in_core(m))
    order = sorted(wanted, key=lambda m: (code.owner(m) != CORE, m not in wished, -len(wanted[m]), code.of(m).lines, m))
    barrels: set[str] = set()
    late: set[str] = set()
    queue = list(order)
    while queue:
        module = queue.pop(0)
        if module in taken:
            continue
        group = _closure(code, module) - taken.keys()
        if any(code.config.home_of(code.path(m)) is not None for m in group):
            left[module] = wanted[module]  # it has left with its context: the core cannot take it any more
            late.add(module)
            continue
        more = {m.rpartition(".")[0] for m in group} - barrels - group
        lines = sum(code.of(m).lines for m in group)
        lines += sum(_part_lines(code, b) for b in more if b in code.modules.path_of)
        if lines > room:
            left[module] = wanted[module]
            continue
        room -= lines
        barrels |= more
        queue += [m for m in order if m in left and m not in queue]  # with less to bring along it may fit now
        for member in group:
            taken[member] = wanted.get(member) or frozenset(needed.get(member, ())) or wanted[module]
    return Sharing(taken, {m: users for m, users in left.items() if m not in taken}, frozenset(late - taken.keys()))


def _part_lines(code: Codebase, barrel: str) -> int:
    """How many lines the core's part of a barrel is taken for."""
    return min(code.of(barrel).lines, 60)


def _lines_in_core(code: Codebase, module: str) -> int:
    """How many lines a module of the core counts: those of a barrel as it was counted before it was there."""
    original = code.config.package + module.removeprefix(code.config.core_package())
    if code.is_package(module) and not code.has_code(module) and original in code.modules.path_of:
        return _part_lines(code, original)
    return code.of(module).lines


def _outside(code: Codebase, module: str, users: frozenset[str]) -> bool:
    """Whether somebody besides the owner needs a module."""
    return bool(users - {code.owner(module)})


def _closure(code: Codebase, module: str) -> set[str]:
    """A module with all that it needs, but for what only hands on names."""
    found, queue = {module}, [module]
    while queue:
        for need in code.needs.of(queue.pop()):
            if code.in_core(need.module) or need.module in found or not is_importable(need.module):
                continue
            if code.has_code(need.module) if code.is_package(need.module) else not code.is_parted(need.module):
                found.add(need.module)
                queue.append(need.module)
    return found
