"""What the recorded changes prove: that the printed patch gives what was applied, and that rollback gives it back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from decomposer.checks.contract import shortened
from decomposer.model.certificate import NOT_CHECKED, Check, checked
from decomposer.model.config import CORE
from decomposer.model.counting import counted
from decomposer.model.problems import DecomposerError
from decomposer.report.patch import render_patch
from decomposer.shell.recorded import Recorded, applied_by_git

_NONE = ("no change is recorded here: it was made by other means",)


def moves(changes: Sequence[Recorded]) -> dict[str, str]:
    """Where files have gone, by where they were first; the changes are in the order in which they are taken back."""
    found: dict[str, str] = {}
    for change in changes:
        gone = {one.moved_from: one.path for one in change.changes.changes if one.moved_from}
        found = {**found, **{old: found.get(new, new) for old, new in gone.items()}}
    return found


def trail(
    changes: Sequence[Recorded], folder: Path, contexts: Sequence[str], again: Callable[[str], int] | None
) -> list[Check]:  # fmt: skip
    """The checks of all changes that hold, and of making each step again."""
    ran = {name for change in changes for name in change.contexts}
    if ran and CORE not in ran:  # contexts brought what they need of it: more of it would be no second run
        contexts = [context for context in contexts if context != CORE]
    return [_patches(folder, changes), _rollback(changes), _again(contexts, again)]


def _patches(folder: Path, changes: Sequence[Recorded]) -> Check:
    claim = "the printed patch, applied by git, gives what was applied"
    if not changes:
        return Check("patch", claim, NOT_CHECKED, _NONE)
    if shutil.which("git") is None:
        return Check("patch", claim, NOT_CHECKED, ("git is not installed",))
    trouble = [
        f"{change.id}: {told}"
        for change in changes
        if change.changes.changes
        for told in applied_by_git(folder / "patched" / change.id, change.changes, render_patch(change.changes))
    ]
    return checked("patch", claim, shortened(trouble), [_named(change) for change in changes])


def _rollback(changes: Sequence[Recorded]) -> Check:
    claim = "taking the changes back in reverse order gives every byte back"
    if not changes:
        return Check("rollback", claim, NOT_CHECKED, _NONE)
    trouble = [f"{change.id}: {path} before the change is not kept" for change in changes for path in change.damaged]
    edited = [f"{change.id}: {path} was edited since" for change in changes for path in change.edited]
    if edited and not trouble:
        return Check("rollback", claim, NOT_CHECKED, tuple(shortened(edited)))
    return checked("rollback", claim, shortened(trouble), [_named(change) for change in changes])


def _again(contexts: Sequence[str], again: Callable[[str], int] | None) -> Check:
    claim = "a second run changes nothing"
    if again is None or not contexts:
        return Check("unchanged", claim, NOT_CHECKED, ("nothing to run again",))
    trouble: list[str] = []
    for context in contexts:
        try:
            count = again(context)
        except DecomposerError as error:
            trouble.append(f"{context}: {error.problems[0].render()}")
            continue
        if count:
            trouble.append(f"{context}: {counted(count, 'file')} would change")
    return checked("unchanged", claim, trouble, [f"run again: {', '.join(contexts)}"])


def _named(change: Recorded) -> str:
    return f"{change.id}: {change.title}, {counted(len(change.changes.changes), 'file')}"
