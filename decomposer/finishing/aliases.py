"""Aliases at old names, taken out when their day has come and nobody names them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from decomposer.changeset import Planned, Write, build_changeset
from decomposer.finishing.ending import Ending
from decomposer.model.finishing import Mark, Standing
from decomposer.model.problems import Problem
from decomposer.rewrite.alias import alias_expiry, alias_target

NAME = "aliases"
WHAT = "aliases at old names go when their day has come, and nobody names them"
_LONGEST = 100
"""No alias has that many lines: longer modules are not looked at."""


class Alias(Struct, frozen=True):
    """An alias: its path and name, the module that it hands over, and the day from which it may go."""

    path: str
    name: str
    target: str
    expires: datetime.date


def standing(ending: Ending) -> Standing:
    """How it stands."""
    found = list(_aliases(ending))
    if not found:
        return Standing(NAME, WHAT, Mark.DONE if _had_any(ending) else Mark.NOTHING)
    over = [alias for alias in found if alias.expires <= ending.today]
    if not over:
        first = min(alias.expires for alias in found)
        return Standing(NAME, WHAT, Mark.BLOCKED, (Problem(
            found[0].path, 0, "alias-stays", f"{len(found)} aliases stay until {first.isoformat()} at least",
            "a day that has passed lets one go: it stands in its second line", "warning",
        ),))  # fmt: skip
    problems = tuple(_named(ending, over))
    mark = Mark.OPEN if len(problems) < len(over) else Mark.BLOCKED
    return Standing(NAME, WHAT, mark, problems)


def plan(ending: Ending) -> Planned:
    """The change that takes out what may go; what is still named is told."""
    tree = ending.tree
    found = list(_aliases(ending))
    over = [alias for alias in found if alias.expires <= ending.today]
    problems = list(_named(ending, over))
    named = {problem.path for problem in problems}
    gone = [alias for alias in over if alias.path not in named]
    writes = [Write(alias.path, None, f"the end of {alias.name}", tree.mode(alias.path)) for alias in gone]
    told = [f"{len(gone)} aliases go"] if gone else []
    if len(over) < len(found):
        first = min(alias.expires for alias in found if alias not in over)
        told.append(f"{len(found) - len(over)} aliases stay until {first.isoformat()} at least")
    return Planned(build_changeset(writes, {write.path: tree.read(write.path) for write in writes}), tuple(problems),
                   tuple(told))  # fmt: skip


def _aliases(ending: Ending) -> Iterator[Alias]:
    tree = ending.tree
    for path, name in sorted(tree.code.modules.name_of.items()):
        source = tree.read(path) or b"" if tree.python[path].lines < _LONGEST else b""
        expires = alias_expiry(source)
        if expires:
            yield Alias(path, name, alias_target(source), datetime.date.fromisoformat(expires))


def _named(ending: Ending, over: list[Alias]) -> Iterator[Problem]:
    """A warning for each alias that something names still, with the first place that does."""
    for alias in over:
        users = sorted((edge.path, edge.line) for edge in ending.tree.graph.edges
                       if edge.target == alias.name and edge.path != alias.path)  # fmt: skip
        if users:
            (path, line), more = users[0], f" and {len(users) - 1} more" if len(users) > 1 else ""
            yield Problem(alias.path, 0, "alias-named", f"is named at {path}:{line}{more}, and stays",
                          f"name {alias.target} there", "warning")  # fmt: skip


def _had_any(ending: Ending) -> bool:
    return bool(ending.finish.retired)
