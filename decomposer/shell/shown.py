"""Which change was shown last, so that one which must be read first is made only as it was read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from decomposer.changeset import ChangeSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.transaction import store

SHOWN = f"{store.HOME}/shown"


def remember(root: Path, change_set: ChangeSet) -> None:
    """Notes that a change was shown; raises DecomposerError where that cannot be written."""
    place = root / SHOWN
    try:
        place.parent.mkdir(exist_ok=True)
        ignore = place.with_name(".gitignore")
        if not ignore.exists():
            ignore.write_bytes(b"*\n")
        place.write_text(digest(change_set) + "\n", "ascii")
    except OSError as error:
        raise DecomposerError(Problem(SHOWN, 0, "not-written", f"cannot be written: {error.strerror}")) from None


def is_shown(root: Path, change_set: ChangeSet) -> bool:
    """Whether this very change, for the files as they are now, is the one that was shown last."""
    try:
        return (root / SHOWN).read_text("ascii").strip() == digest(change_set)
    except (OSError, UnicodeDecodeError):
        return False


def digest(change_set: ChangeSet) -> str:
    """What tells a change from every other one: all paths with the bytes before and after."""
    total = hashlib.sha256()
    for change in change_set.changes:
        for part in (change.path.encode("utf-8", "surrogateescape"), change.before, change.after, change.mode.encode()):
            total.update(b"-" if part is None else b"%d:%s" % (len(part), part))
    return total.hexdigest()
