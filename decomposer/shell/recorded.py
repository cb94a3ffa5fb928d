"""The recorded changes that hold, with the bytes on both sides of each: what a patch and a rollback must give."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from decomposer.changeset import Change, ChangeSet
from decomposer.shell.transaction import store
from decomposer.shell.transaction.journal import Entry, Journal
from decomposer.shell.transaction.tree import LINK, digest, look, opened, parent, read_file, read_link
from decomposer.shell.transaction.writing import reading

_EXECUTABLE = "100755"


class Recorded(Struct, frozen=True):
    """One change: what it did, paths that were edited since, and those whose bytes from before are lost.

    `contexts` are those that it extracted or cut over.
    """

    id: str
    title: str
    changes: ChangeSet
    edited: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()


def recorded_changes(root: Path) -> list[Recorded]:
    """All changes that hold, the last one first; each is seen as the later ones found it."""
    with reading(root) as tree:
        try:
            with opened(tree, store.HOME) as home:
                return _walk(tree, home)
        except FileNotFoundError:
            return []


def _walk(tree: int, home: int) -> list[Recorded]:
    known: dict[str, bytes | None] = {}
    undone: set[str] = set()
    found: list[Recorded] = []
    for identity in reversed(store.identities(home)):
        journal = store.read_journal(home, f"{store.HISTORY}/{identity}")
        if journal is None:
            continue
        if journal.undoes:
            if journal.id not in undone:
                undone.add(journal.undoes)
        elif journal.id not in undone:
            found.append(_one(tree, home, journal, known))
    return found


def _one(tree: int, home: int, journal: Journal, known: dict[str, bytes | None]) -> Recorded:
    changes: list[Change] = []
    edited: list[str] = []
    damaged: list[str] = []
    for entry in journal.files:
        after = known[entry.path] if entry.path in known else _present(tree, entry.path)
        before = _kept(home, journal.id, entry)
        known[entry.path] = before
        if (None if after is None else digest(after)) != (entry.after.sha256 if entry.after else None):
            edited.append(entry.path)
        elif (None if before is None else digest(before)) != (entry.before.sha256 if entry.before else None):
            damaged.append(entry.path)
        else:
            changes.append(Change(
                entry.path, before, after, (entry.after.mode if entry.after else "") or "100644",
                entry.moved_from, entry.before.mode if entry.before else "",
            ))  # fmt: skip
    return Recorded(journal.id, journal.title, ChangeSet(tuple(changes)), tuple(edited), tuple(damaged),
                    journal.contexts)  # fmt: skip


def _present(tree: int, path: str) -> bytes | None:
    found = look(tree, path)
    if found is None or not found.version.sha256:
        return None
    with parent(tree, path) as (folder, name):
        return read_link(folder, name) if found.version.mode == LINK else read_file(folder, name)


def _kept(home: int, identity: str, entry: Entry) -> bytes | None:
    if entry.before is None:
        return None
    try:
        with opened(home, f"{store.HISTORY}/{identity}/{store.BEFORE}") as folder:
            return read_link(folder, entry.name) if entry.before.mode == LINK else read_file(folder, entry.name)
    except OSError:
        return None


def applied_by_git(folder: Path, changes: ChangeSet, patch: bytes) -> list[str]:
    """What `git apply` makes otherwise of a patch than the change itself, in a folder of only the touched files."""
    folder.mkdir(parents=True)
    for change in changes.changes:
        if change.before is not None:
            _put(folder / change.path, change.before, change.mode_before)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent), "GIT_CONFIG_GLOBAL": os.devnull,
                   "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        environment.pop(name, None)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=patch, env=environment, capture_output=True
    )
    if done.returncode:
        return [f"git apply: {line}" for line in done.stderr.decode("utf-8", "replace").splitlines()[:3]]
    return _otherwise(folder, {change.path: change.after for change in changes.changes})


def _otherwise(folder: Path, after: Mapping[str, bytes | None]) -> list[str]:
    found = []
    for path, content in after.items():
        full = folder / path
        there = os.fsencode(os.readlink(full)) if full.is_symlink() else full.read_bytes() if full.is_file() else None
        if there != content:
            found.append(f"git apply leaves {path} as something else")
    return found


def _put(path: Path, content: bytes, mode: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if mode == LINK:
        path.symlink_to(os.fsdecode(content))
        return
    path.write_bytes(content)
    if mode == _EXECUTABLE:
        path.chmod(0o755)
