"""The changes that were made to a repository, and taking one back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store
from decomposer.shell.transaction.inspecting import not_yet, refuse_outside
from decomposer.shell.transaction.journal import Entry, Journal
from decomposer.shell.transaction.tree import LINK, digest, opened, read_file, read_link, state, telling
from decomposer.shell.transaction.writing import Draft, carry_out, reading, writing

APPLIED, DAMAGED = "applied", "damaged"


class Record(Struct, frozen=True):
    """One change: when it was made (UTC), how many files it changed, and what became of it.

    `state` is "applied", "rolled back by <id>", or "damaged" where its journal cannot be read. `undoes` is the
    change that this one rolled back, "" for any other; `commits` are git's, where it was committed; `contexts` are
    those that it extracted or cut over.
    """

    id: str
    title: str
    time: str
    files: int
    state: str
    undoes: str = ""
    commits: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()


def history(root: Path) -> list[Record]:
    """All changes, the first one first."""
    with reading(root) as tree:
        try:
            with opened(tree, store.HOME) as home:
                return _records(home, _journals(home))
        except FileNotFoundError:
            return []


def meant(root: Path, wanted: str | None, command: Callable[[str], str]) -> Record:
    """The change that a rollback would take back; raises DecomposerError where there is no such change."""
    with reading(root) as tree, _home(tree, wanted, command) as home:
        return _chosen(_records(home, _journals(home)), wanted, command)


@contextmanager
def _home(tree: int, wanted: str | None, command: Callable[[str], str]) -> Iterator[int]:
    """A descriptor of `.decompose`, locked; DecomposerError where nothing was ever changed: it is not made for that."""
    if state(tree, store.HOME) is None:
        _chosen((), wanted, command)
    with writing(tree) as (home, _):
        yield home


def rollback_change(
    root: Path, wanted: str | None = None, command: Callable[[str], str] = "decompose rollback {}".format
) -> Record:
    """Takes back a change, byte for byte, and gives its record: the one named, or the last that still holds.

    Named is an id, which may be shortened, or a context, whose last change that holds is meant. The rollback is a
    change of its own: named, it can be taken back as well. Raises DecomposerError, and writes nothing, when a file was
    edited since, or the change was taken back already; later changes in the way are told with their `command`.
    """
    with reading(root) as tree, _home(tree, wanted, command) as home:
        journals = _journals(home)
        records = _records(home, journals)
        record = _chosen(records, wanted, command)
        journal = next(journal for journal in journals if isinstance(journal, Journal) and journal.id == record.id)
        try:
            draft = _inverse(home, journal)
            carry_out(tree, home, _rest(draft, not_yet(tree, draft.files)))
        except DecomposerError as error:
            later = _in_the_way(journal, journals, {r.id for r in records if r.state == APPLIED and not r.undoes})
            raise DecomposerError(_with_later(error.problems, journal, later, records, command)) from None
        return next(r for r in _records(home, _journals(home)) if r.id == record.id)


def _rest(draft: Draft, left: Sequence[Entry]) -> Draft:
    """A rollback without the files that somebody has taken back already, or has removed where no more is to be done."""
    there = {entry.path for entry in left}
    files = tuple(entry if entry.moved_from in there else replace(entry, moved_from="") for entry in left)
    return replace(draft, files=files) if left else draft


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


def _chosen(records: Sequence[Record], wanted: str | None, command: Callable[[str], str]) -> Record:
    standing = [record for record in records if record.state == APPLIED and not record.undoes]
    if wanted is None:
        if standing:
            return standing[-1]
        raise DecomposerError(Problem(store.HOME, 0, "no-change", "there is no change to roll back"))
    named = [r for r in records if r.id == wanted] or [r for r in records if wanted and r.id.startswith(wanted)]
    of_context = [record for record in records if wanted in record.contexts]
    if named and of_context:
        last = next((record for record in reversed(of_context) if record in standing), of_context[-1])
        other = _shortest(named[0], records, wanted or "")
        raise DecomposerError(Problem(
            store.HOME, 0, "ambiguous", f"`{wanted}` is a context, and the id of a change begins with it",
            f"the context's last change: {command(last.id)}; the other: {command(other)}",
        ))  # fmt: skip
    if of_context:
        found = [record for record in of_context if record in standing]
        if found:
            return found[-1]
        told = f"no change of `{wanted}` holds any more"
        raise DecomposerError(Problem(store.HOME, 0, "no-change", told, _last(records)))
    if len(named) != 1:
        what = (
            f"more than one change has an id that begins with `{wanted}`"
            if named
            else f"there is no change `{wanted}`, and none that extracted or cut over a context of that name"
        )
        raise DecomposerError(Problem(store.HOME, 0, "no-change", what, _last(records)))
    if named[0].state != APPLIED:
        raise DecomposerError(Problem(named[0].id, 0, "no-change", f"cannot be rolled back: it is {named[0].state}"))
    return named[0]


def _last(records: Sequence[Record]) -> str:
    told = [f"{record.id} ({record.title})" for record in records[-5:]]
    return f"the last changes: {', '.join(told) or 'none'}"


def _shortest(record: Record, records: Sequence[Record], but: str) -> str:
    """The shortest beginning of an id that means this change and nothing else."""
    names = {name for other in records for name in other.contexts}
    for length in range(1, len(record.id) + 1):
        begins = record.id[:length]
        if begins != but and begins not in names and sum(other.id.startswith(begins) for other in records) == 1:
            return begins
    return record.id


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
            journal.contexts,
        ))  # fmt: skip
    return records[::-1]


def _in_the_way(journal: Journal, journals: Sequence[Journal | str], standing: set[str]) -> list[Journal]:
    """The later changes that have to be taken back before this one, in that order: the last one first."""
    paths = {entry.path for entry in journal.files}
    found: list[Journal] = []
    for later in journals[journals.index(journal) + 1 :]:
        if isinstance(later, Journal) and later.id in standing:
            touched = {entry.path for entry in later.files}
            if touched & paths:
                found.append(later)
                paths |= touched
    return found[::-1]


def _with_later(
    problems: Iterable[Problem], journal: Journal, later: Sequence[Journal], records: Sequence[Record],
    command: Callable[[str], str],
) -> list[Problem]:  # fmt: skip
    """The problems, with one in place of those that later changes make, which says what is to be taken back first."""
    touched = {entry.path for change in later for entry in change.files}
    by_later = [problem for problem in problems if problem.code == "changed" and problem.path in touched]
    found = [
        replace(problem, hint="nothing was changed; keep that edit elsewhere, put the file back and run again")
        if problem.code == "changed" else problem
        for problem in problems if problem not in by_later
    ]  # fmt: skip
    if by_later:
        whose = ", ".join(f"{change.id} ({change.title})" for change in later)
        count = f"{len(by_later)} of its files" if len(by_later) > 1 else by_later[0].path
        steps = " && ".join(command(_word(change, later, records)) for change in later)
        found.insert(0, Problem(journal.id, 0, "later-changes", f"{journal.title}: {count} changed again in {whose}",
                                f"take these back first, in this order: {steps}"))  # fmt: skip
    return found


def _word(change: Journal, later: Sequence[Journal], records: Sequence[Record]) -> str:
    """What names a change when those before it in the list are taken back: its context, where that is clear."""
    gone = {other.id for other in later[: later.index(change)]}
    for name in change.contexts[:1]:
        last = [r.id for r in records
                if name in r.contexts and r.state == APPLIED and not r.undoes and r.id not in gone][-1:]  # fmt: skip
        if last == [change.id] and not any(record.id.startswith(name) for record in records):
            return name
    return change.id
