"""What the monolith finds of contexts in their services, taken out of it: they are cut over, as many as can be."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.changeset import ChangeSet, Planned
from decomposer.extracting.cutting_over import cut_over, parted
from decomposer.finishing.ending import Ending
from decomposer.finishing.retiring import after_nginx
from decomposer.model.finishing import Mark, Standing
from decomposer.model.problems import Problem
from decomposer.planning.states import State, states

NAME = "paths"
WHAT = "the monolith finds no code of a service's any more: each context is cut over"
_TOLD = 3
"""How much of what is in a context's way is told one by one."""


def standing(ending: Ending) -> Standing:
    """How it stands: each context whose code the monolith finds yet, and what is in its way."""
    inside = _inside(ending)
    if not inside:
        return Standing(NAME, WHAT, Mark.BLOCKED if ending.left_inside() else Mark.DONE, tuple(ending.left_inside()))
    free, problems = _apart(ending, inside)
    if free:
        problems += [one for one in plan(ending).problems if one.severity == "error"]
    can_go = free and not any(one.severity == "error" for one in problems)
    told = f"{WHAT} ({len(inside)} of {len(ending.contexts)} are found, {len(free)} of them can go)"
    return Standing(NAME, told, Mark.OPEN if can_go else Mark.BLOCKED, (*problems, *ending.left_inside()))


def plan(ending: Ending) -> Planned:
    """The change that cuts over all contexts that can be; what is in the way of others is told."""
    free, problems = _apart(ending, _inside(ending))
    if not free:
        return Planned(ChangeSet(), tuple(_none_can_go(ending, problems)))
    planned = cut_over(ending.tree, free, frozenset(ending.verified), ending.way)
    return Planned(planned.change_set, tuple(sorted({*planned.problems, *problems})), planned.summary)


def _inside(ending: Ending) -> list[str]:
    """The contexts that have left and that the monolith finds all the same."""
    tree = ending.tree
    known = states(tree.config, tree.rule_set, frozenset(tree.paths), lambda: tree.code)
    return [name for name in ending.contexts if known[name] is State.EXTRACTED]


def _apart(ending: Ending, inside: list[str]) -> tuple[list[str], list[Problem]]:
    """The contexts that can be cut over, and a warning for each thing that is in the way of another one.

    None can, whatever else is in its way, while nginx leads to the monolith.
    """
    first = list(after_nginx(ending))
    if first:
        return [], first
    verified = [name for name in inside if name in ending.verified]
    free, held = parted(ending.tree, verified)
    held = held if verified == inside else parted(ending.tree, inside)[1] | held
    unverified = [Problem(ending.tree.config.service(name), 0, "not-verified", f"`{name}` has no certificate that "
                          "holds for the files as they are now", f"decompose verify {name}", "warning")
                  for name in inside if name not in ending.verified]  # fmt: skip
    return free, [*unverified, *(one for name in inside for one in _told(ending, name, held.get(name, [])))]


def _none_can_go(ending: Ending, problems: list[Problem]) -> list[Problem]:
    """What is in the way of every context, and last an error that none can go; nothing where all have gone."""
    told = [*problems, *ending.left_inside()]
    if told and not any(one.code == "nginx-first" for one in told):
        told.append(Problem(ending.tree.config.services, 0, "none-can-go", "no context can be cut over yet: what is in "
                            "the way is told above", "decompose finish tells how every step stands"))  # fmt: skip
    return told


def _told(ending: Ending, context: str, held: list[Problem]) -> Iterator[Problem]:
    """The first of what is in the way of a context, and how much more there is."""
    for one in held[:_TOLD]:
        yield Problem(one.path, one.line, one.code, one.message, one.hint, "warning")
    if held[_TOLD:]:
        count = len(held) - _TOLD
        more = f"{count} more {'places load' if count > 1 else 'place loads'} what leaves with {context}"
        yield Problem(ending.tree.config.service(context), 0, "still-loaded", more,
                      f"decompose cutover {context} tells them all", "warning")  # fmt: skip
