"""How every command ends that changes files: with the patch to read, or with the change made and how to undo it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from decomposer import app
from decomposer.cli.guard import write_out
from decomposer.cli.progress import Bar
from decomposer.cli.request import Request, options
from decomposer.cli.telling import note, tell, tell_problems
from decomposer.model.counting import counted

if TYPE_CHECKING:
    from decomposer.changeset import Change, ChangeSet, Planned
    from decomposer.shell.committing import Committed

_SHOWN = 12
"""So many files are named of those that are new, edited or removed; of those that move, all are."""


def write(
    request: Request, title: str, plan: Callable[[app.Options], Planned], contexts: tuple[str, ...] = ()
) -> int:
    """Plans a change, and prints its patch or makes it: exit code 1, and nothing written, when it has errors.

    `title` is what the change is called in the history and in git, `contexts` are those that it takes a step further.
    """
    if "dry_run" in request:
        return _show(_planned(request, plan))
    with app.only_writer(options(request)) as undone:
        tell_problems(filter(None, [undone]))
        planned = _planned(request, plan)
        tell_problems(planned.problems)
        if _errors(planned):
            note([f"nothing was written: {counted(_errors(planned), 'problem')} to mend first"])
            return 1
        done = app.apply(options(request), planned.change_set, title, "commit" in request, contexts)
    tell([*_told(planned.change_set), *planned.summary, *_kept(request, done)] if done.id else ["nothing to do"])
    return 0


def rollback_command(request: Request, identity: str) -> str:
    """The words that take a change back."""
    where = f" --repo {shlex.quote(request['repo'])}" if "repo" in request else ""
    return f"decompose rollback {identity}{where}"


def _planned(request: Request, plan: Callable[[app.Options], Planned]) -> Planned:
    with Bar() as bar:
        return plan(options(request, bar))


def _show(planned: Planned) -> int:
    """Prints the patch alone on standard output, what to know about it on standard error."""
    from decomposer.report.patch import render_patch

    write_out(render_patch(planned.change_set))
    tell_problems(planned.problems)
    note(planned.summary if planned.change_set.changes or _errors(planned) else ["nothing to do"])
    return 1 if _errors(planned) else 0


def _errors(planned: Planned) -> int:
    return sum(problem.severity == "error" for problem in planned.problems)


def _told(change_set: ChangeSet) -> Iterator[str]:
    """What was moved, written, edited and removed."""
    changes = change_set.changes
    left = {change.moved_from for change in changes if change.moved_from}
    moved = [change for change in changes if change.moved_from]
    if moved:
        yield f"moved {counted(len(moved), 'file')}:"
        yield from (f"  {change.moved_from} -> {change.path}" for change in moved)
    here = [change for change in changes if not change.moved_from]
    yield from _named("wrote", "new file", [change for change in here if change.before is None])
    yield from _named("edited", "file", [c for c in here if c.before is not None and c.after is not None])
    yield from _named("removed", "file", [c for c in here if c.after is None and c.path not in left])


def _named(what: str, kind: str, changes: list[Change]) -> Iterator[str]:
    if changes:
        yield f"{what} {counted(len(changes), kind)}:"
        yield from (f"  {change.path}" for change in changes[:_SHOWN])
        if len(changes) > _SHOWN:
            yield f"  … {len(changes) - _SHOWN} more"


def _kept(request: Request, done: Committed) -> Iterator[str]:
    """Where the change is kept, and how it is taken back."""
    if done.commits:
        yield f"committed as {' and '.join(commit[:10] for commit in done.commits)}"
    yield f"change {done.id}; take it back with: {rollback_command(request, done.id)}"
