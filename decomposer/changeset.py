"""The final bytes of every file that changes: all that applying, printing and checking need to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from decomposer.model.problems import DecomposerError, Problem


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after; None is absence. `moved_from` names the file whose content it takes over.

    `mode` is git's: 100644, 100755 for an executable, 120000 for a symbolic link (whose content is its target);
    `mode_before` is the one it had, where there was a file.
    """

    path: str
    before: bytes | None
    after: bytes | None
    mode: str = "100644"
    moved_from: str = ""
    mode_before: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes in order of path, at most one for each path, none that changes nothing."""

    changes: tuple[Change, ...] = ()

    def paths(self) -> tuple[str, ...]:
        """The paths that change."""
        return tuple(change.path for change in self.changes)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a command would change, what to know about it, and, in a few lines, what comes of it."""

    change_set: ChangeSet
    problems: tuple[Problem, ...] = ()
    summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Write:
    """A wish for a file's final bytes (None: remove it), and who wishes it.

    `mode_before` is the mode of the file that is there; "" where there is none, or it keeps the one it has.
    """

    path: str
    content: bytes | None
    writer: str
    mode: str = "100644"
    moved_from: str = ""
    mode_before: str = ""


def composed(first: ChangeSet, second: ChangeSet) -> ChangeSet:
    """Two changes made one after the other as one."""
    earlier = {change.path: change for change in first.changes}
    found = dict(earlier)
    for change in second.changes:
        was = earlier.get(change.path)
        source = earlier.get(change.moved_from)
        origin = source.moved_from if source is not None and source.moved_from else change.moved_from
        before, mode = (was.before, was.mode_before) if was is not None else (change.before, change.mode_before)
        found[change.path] = Change(change.path, before, change.after, change.mode, origin, mode)
    kept = [change for _, change in sorted(found.items())
            if change.before != change.after or change.mode_before not in ("", change.mode)]  # fmt: skip
    return ChangeSet(tuple(kept))


def build_changeset(writes: Iterable[Write], before: Mapping[str, bytes | None]) -> ChangeSet:
    """The change set of all writes; `before` has the present bytes of every path written.

    Raises DecomposerError when two writers want one path, or one writes outside the repository.
    """
    wanted: dict[str, Write] = {}
    problems: list[Problem] = []
    for write in writes:
        if write.path.startswith("/") or ".." in write.path.split("/"):
            problems.append(Problem(write.path, 0, "outside", f"{write.writer} would write outside the repository"))
        other = wanted.setdefault(write.path, write)
        if other is not write:
            problems.append(Problem(
                write.path, 0, "two-writers", f"both {other.writer} and {write.writer} would write it",
                "give the two sources different places in the rules or layers",
            ))  # fmt: skip
    if problems:
        raise DecomposerError(problems)
    changes: list[Change] = []
    for path, write in sorted(wanted.items()):
        present = before.get(path)
        was = "" if present is None else write.mode_before or write.mode
        if present != write.content or was not in ("", write.mode):
            changes.append(Change(path, present, write.content, write.mode, write.moved_from, was))
    return ChangeSet(tuple(changes))
