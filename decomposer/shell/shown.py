"""Which change was shown last, so that one which must be read first is made only as it was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from decomposer.changeset import ChangeSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store

SHOWN = f"{store.HOME}/shown"


class Shown(Struct, frozen=True):
    """What was asked for, the digest of the change, and the digests of each file before and after it, "" for none."""

    asked: tuple[str, ...]
    change: str
    files: dict[str, tuple[str, str]]


def remember(root: Path, change_set: ChangeSet, asked: Sequence[str]) -> None:
    """Notes that a change was shown to whom asked for it so; raises DecomposerError where that cannot be written."""
    place = root / SHOWN
    files = {change.path: (_of(change.before), _of(change.after)) for change in change_set.changes}
    shown = Shown(tuple(asked), digest(change_set), files)
    try:
        place.parent.mkdir(exist_ok=True)
        ignore = place.with_name(".gitignore")
        if not ignore.exists():
            ignore.write_bytes(b"*\n")
        place.write_text(json.dumps(msgspec.to_builtins(shown)) + "\n", "ascii")
    except OSError as error:
        raise DecomposerError(Problem(SHOWN, 0, "not-written", f"cannot be written: {error.strerror}")) from None


def is_shown(root: Path, change_set: ChangeSet) -> bool:
    """Whether this very change, for the files as they are now, is the one that was shown last."""
    shown = _read(root)
    return shown is not None and shown.change == digest(change_set)


def may_be_shown(root: Path, asked: Sequence[str]) -> bool:
    """Whether the same was asked for, and files are as they were then, or as they were to be: known at once."""
    shown = _read(root)
    if shown is None or shown.asked != tuple(asked):
        return False
    now = {path: _of(_content(root / path)) for path in shown.files}
    return any(now == {path: known[when] for path, known in shown.files.items()} for when in (0, 1))


def digest(change_set: ChangeSet) -> str:
    """What tells a change from every other one: all paths with the bytes before and after."""
    total = hashlib.sha256()
    for change in change_set.changes:
        for part in (change.path.encode("utf-8", "surrogateescape"), change.before, change.after, change.mode.encode()):
            total.update(b"-" if part is None else b"%d:%s" % (len(part), part))
    return total.hexdigest()


def _read(root: Path) -> Shown | None:
    try:
        return msgspec.convert(json.loads((root / SHOWN).read_bytes()), Shown)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _of(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
