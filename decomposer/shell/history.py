"""The changes that were made to a repository, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store
from decomposer.shell.transaction.inspecting import refuse_outside
from decomposer.shell.transaction.journal import Entry, Journal
from decomposer.shell.transaction.tree import LINK, digest, opened, read_file, read_link, telling
from decomposer.shell.transaction.writing import Draft, carry_out, reading, writing

APPLIED, DAMAGED = "applied", "damaged"


class Record(Struct, frozen=True):
    """One change: when it was made (UTC), how many files it changed, and what became of it.

    `state` is "applied", "rolled back by <id>", or "damaged" where its journal cannot be read. `undoes` is the
    change that this one rolled back, "" for any other; `commits` are git's, where it was committed.
    """

    id: str
    title: str
    time: str
    files: int
    state: str
    undoes: str = ""
    commits: tuple[str, ...] = ()


def history(root: Path) -> list[Record]:
    """All changes, the first one first."""
    with reading(root) as tree:
        try:
            with opened(tree, store.HOME) as home:
                return _records(home, _journals(home))
        except FileNotFoundError:
            return []


def rollback_change(root: Path, change_id: str | None = None) -> Record:
    """Takes back a change, byte for byte, and gives its record: the one named, or the last that still holds.

    An id may be shortened. The rollback is a change of its own: named, it can be taken back as well. Raises
    DecomposerError, and writes nothing, when a file was edited since, or the change was taken back already.
    """
    with reading(root) as tree, writing(tree) as (home, _):
        journals = _journals(home)
        record = _chosen(_records(home, journals), change_id)
        journal = next(journal for journal in journals if isinstance(journal, Journal) and journal.id == record.id)
        try:
            carry_out(tree, home, _inverse(home, journal))
        except DecomposerError as error:
            raise DecomposerError(_with_later(error.problems, journal, journals)) from None
        return next(r for r in _records(home, _journals(home)) if r.id == record.id)


def _inverse(home: int, journal: Journal) -> Draft:
    """The change that takes another back: what was before comes, what came goes."""
    refuse_outside(entry.path for entry in journal.files)
    moved_to = {entry.moved_from: entry.path for entry in journal.files if entry.moved_from}
    contents: dict[str, bytes] = {}
    for entry in journal.files:
        if entry.before is not None:
            contents[entry.path] = _kept(home, journal.id, entry)
    return Draft(
        f"rollback of {journal.id}: {journal.title}",
        tuple(
            Entry(entry.path, "", entry.after, entry.before, moved_to.get(entry.path, "") if entry.before else "")
            for entry in journal.files
        ),
        contents,
        f"{journal.id} wrote it",
        made=journal.removed,
        removable=journal.made,
        undoes=journal.id,
    )


def _kept(home: int, identity: str, entry: Entry) -> bytes:
    """The bytes a file had before a change; DecomposerError when they are not what was put aside."""
    folder = f"{store.HISTORY}/{identity}/{store.BEFORE}"
    place = f"{store.HOME}/{folder}/{entry.name}"
    try:
        with telling(place), opened(home, folder) as before:
            read = read_link if entry.before is not None and entry.before.mode == LINK else read_file
            content = read(before, entry.name)
    except OSError as error:
        raise DecomposerError(Problem(place, 0, "damaged-history", f"cannot be read: {error.strerror}")) from None
    if entry.before is not None and digest(content) != entry.before.sha256:
        raise DecomposerError(Problem(
            place, 0, "damaged-history", f"is not {entry.path} as it was before {identity}: it was edited here, or by "
            "another name of the same file", "nothing was changed",
        ))  # fmt: skip
    return content


def _chosen(records: Sequence[Record], change_id: str | None) -> Record:
    if change_id is None:
        for record in reversed(records):
            if record.state == APPLIED and not record.undoes:
                return record
        raise DecomposerError(Problem(store.HOME, 0, "no-change", "there is no change to roll back"))
    named = [r for r in records if r.id == change_id] or [
        r for r in records if change_id and r.id.startswith(change_id)
    ]
    if len(named) != 1:
        what = (
            f"more than one change has an id that begins with `{change_id}`"
            if named
            else f"there is no change `{change_id}`"
        )
        known = ", ".join(record.id for record in records[-5:]) or "none"
        raise DecomposerError(Problem(store.HOME, 0, "no-change", what, f"the last changes: {known}"))
    if named[0].state != APPLIED:
        raise DecomposerError(Problem(named[0].id, 0, "no-change", f"cannot be rolled back: it is {named[0].state}"))
    return named[0]


def _journals(home: int) -> list[Journal | str]:
    """The journals in the history in order, or the id alone of one that is damaged."""
    found: list[Journal | str] = []
    for identity in store.identities(home):
        try:
            found.append(store.read_journal(home, f"{store.HISTORY}/{identity}") or identity)
        except DecomposerError:
            found.append(identity)
    return found


def _records(home: int, journals: Iterable[Journal | str]) -> list[Record]:
    """What became of each change: it holds unless a later one that holds takes it back."""
    undone: dict[str, str] = {}
    records: list[Record] = []
    for journal in reversed(list(journals)):
        if isinstance(journal, str):
            records.append(Record(journal, "", "", 0, DAMAGED))
            continue
        by = undone.get(journal.id)
        if by is None and journal.undoes:
            undone[journal.undoes] = journal.id
        records.append(Record(
            journal.id, journal.title, journal.time, len(journal.files),
            APPLIED if by is None else f"rolled back by {by}", journal.undoes, store.read_commits(home, journal.id),
        ))  # fmt: skip
    return records[::-1]


def _with_later(problems: Iterable[Problem], journal: Journal, journals: Sequence[Journal | str]) -> list[Problem]:
    """The problems, with the later change named where it was one that touched the file."""
    by: dict[str, str] = {}
    for later in journals[journals.index(journal) + 1 :]:
        if isinstance(later, Journal):
            by |= dict.fromkeys((entry.path for entry in later.files), later.id)
    return [
        replace(problem, hint=f"{by[problem.path]} changed it last: roll that back first")
        if problem.code == "changed" and problem.path in by
        else replace(problem, hint="nothing was changed; keep that edit elsewhere, put the file back and run again")
        if problem.code == "changed" else problem
        for problem in problems
    ]  # fmt: skip
