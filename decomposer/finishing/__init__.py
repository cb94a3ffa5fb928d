"""The end of the monolith, step by step, each a change that can be taken back."""

from __future__ import annotations

from decomposer.changeset import Planned
from decomposer.finishing import aliases, announcing, paths, retiring, testing
from decomposer.finishing.ending import Ending
from decomposer.model.finishing import Mark, Standing
from decomposer.model.near import known_names
from decomposer.model.problems import DecomposerError, Problem
from decomposer.model.steps import RETIRABLE, STEPS


def standings(ending: Ending) -> list[Standing]:
    """How each step stands, in order."""
    return [announcing.standing(ending), testing.standing(ending),
            *(retiring.standing(ending, target) for target in RETIRABLE), paths.standing(ending),
            aliases.standing(ending)]  # fmt: skip


def next_step(found: list[Standing], ending: Ending) -> str:
    """The words of the first step that can be made, "" where there is none."""
    step = next((one.name for one in found if one.mark is Mark.OPEN), "")
    return f"{step} --sunset YYYY-MM-DD" if step == announcing.NAME and not ending.finish.sunset else step


def plan(ending: Ending, step: str, sunset: str = "") -> Planned:
    """The change of one step, and what is in its way.

    Raises DecomposerError for a step that there is not.
    """
    if step == announcing.NAME:
        return announcing.plan(ending, sunset)
    if step == testing.NAME:
        return testing.plan(ending)
    if step == paths.NAME:
        return paths.plan(ending)
    if step == aliases.NAME:
        return aliases.plan(ending)
    if step not in RETIRABLE:
        raise DecomposerError(Problem(step, 0, "no-step", "there is no such step", known_names(step, STEPS, "known")))
    return retiring.plan(ending, step)
