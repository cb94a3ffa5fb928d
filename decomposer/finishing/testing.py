"""Tests of the services together, rendered before anything leads to them alone."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from decomposer.changeset import Planned, build_changeset
from decomposer.extracting.scaffolding import scaffolding
from decomposer.finishing.ending import Ending
from decomposer.finishing.retiring import no_rest
from decomposer.model.finishing import Mark, Standing
from decomposer.scaffold.together import place

NAME = "tests"
WHAT = "tests ask the services through nginx, and each by itself"


def standing(ending: Ending) -> Standing:
    """How it stands."""
    planned = plan(ending)
    if planned.problems:
        return Standing(NAME, WHAT, Mark.BLOCKED, planned.problems)
    return Standing(NAME, WHAT, Mark.OPEN if planned.change_set.changes else Mark.DONE)


def plan(ending: Ending) -> Planned:
    """The change that renders them, and how they are run."""
    problems = ending.left_inside() or list(no_rest(ending))
    writes, told = scaffolding(ending.tree, ending.contexts, (), replace(ending.way, targets=(NAME,)))
    change_set = build_changeset(writes, {write.path: ending.tree.read(write.path) for write in writes})
    folder = posixpath.dirname(place(ending.system)) if ending.system.serving() else ""
    summary = () if problems else (f"next: decompose up --run 'pytest {folder}'",)
    return Planned(change_set, tuple(sorted({*problems, *told})), summary)
