"""Aliases at old names, taken out when their day has come and nobody names them."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.changeset import Planned, Write, build_changeset
from decomposer.extracting.expiring import Alias, aliases
from decomposer.finishing.ending import Ending
from decomposer.model.finishing import Mark, Standing
from decomposer.model.problems import Problem

NAME = "aliases"
WHAT = "aliases at old names go when their day has come, and nobody names them"


def standing(ending: Ending) -> Standing:
    """How it stands."""
    found = list(aliases(ending.tree))
    if not found:
        return Standing(NAME, WHAT, Mark.NOTHING)
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
    found = list(aliases(ending.tree))
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


def _named(ending: Ending, over: list[Alias]) -> Iterator[Problem]:
    """A warning for each alias that something names still, with the first place that does."""
    for alias in over:
        users = sorted((edge.path, edge.line) for edge in ending.tree.graph.edges
                       if edge.target == alias.name and edge.path != alias.path)  # fmt: skip
        if users:
            (path, line), more = users[0], f" and {len(users) - 1} more" if len(users) > 1 else ""
            yield Problem(alias.path, 0, "alias-named", f"is named at {path}:{line}{more}, and stays",
                          f"name {alias.target} there", "warning")  # fmt: skip
