"""A change set as a patch that `git apply` takes: renames as renames, bytes as they are."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator

from decomposer.changeset import Change, ChangeSet

_ENCODING = "utf-8"
_NO_END = "\\ No newline at end of file"


def render_patch(change_set: ChangeSet) -> bytes:
    """The patch in git's extended format, empty for an empty change set."""
    by_path = {change.path: change for change in change_set.changes}
    # A rename needs a source that goes and a target that was not there; anything else is two plain changes.
    renames = {
        change.path: change.moved_from
        for change in change_set.changes
        if change.moved_from and change.before is None and change.moved_from in by_path
        and by_path[change.moved_from].after is None
    }  # fmt: skip
    gone = set(renames.values())
    lines: list[str] = []
    for change in change_set.changes:
        if change.path in gone:
            continue
        if change.path in renames:
            lines += _rename(by_path[renames[change.path]], change)
        else:
            lines += _plain(change)
    return "".join(lines).encode(_ENCODING, "surrogateescape")


def _rename(old: Change, new: Change) -> Iterator[str]:
    before, after = old.before or b"", new.after or b""
    yield f"diff --git {_quoted('a/' + old.path)} {_quoted('b/' + new.path)}\n"
    yield f"similarity index {_similarity(before, after)}%\n"
    yield f"rename from {_quoted(old.path)}\n"
    yield f"rename to {_quoted(new.path)}\n"
    if before != after:
        yield from _hunks(old.path, new.path, before, after)


def _plain(change: Change) -> Iterator[str]:
    mode = change.mode
    yield f"diff --git {_quoted('a/' + change.path)} {_quoted('b/' + change.path)}\n"
    if change.before is None:
        yield f"new file mode {mode}\n"
    elif change.after is None:
        yield f"deleted file mode {mode}\n"
    kept_mode = f" {mode}" if change.before is not None and change.after is not None else ""
    yield f"index {_blob(change.before)}..{_blob(change.after)}{kept_mode}\n"
    if b"\0" in (change.before or b"") + (change.after or b""):
        yield f"Binary files {_quoted('a/' + change.path)} and {_quoted('b/' + change.path)} differ\n"
        return
    yield from _hunks(
        change.path if change.before is not None else "", change.path if change.after is not None else "",
        change.before or b"", change.after or b"",
    )  # fmt: skip


def _hunks(old: str, new: str, before: bytes, after: bytes) -> Iterator[str]:
    if before == after:
        return
    yield f"--- {_quoted('a/' + old) if old else '/dev/null'}\n"
    yield f"+++ {_quoted('b/' + new) if new else '/dev/null'}\n"
    diff = difflib.unified_diff(_lines(before), _lines(after), n=3)
    for number, line in enumerate(diff):
        if number < 2:
            continue  # its own file names, without git's quoting
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}\n"


def _lines(content: bytes) -> list[str]:
    """Lines with their ends; only `\\n` ends a line for git, so `\\r` and form feeds stay inside."""
    text = content.decode(_ENCODING, "surrogateescape")
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _similarity(before: bytes, after: bytes) -> int:
    if before == after:
        return 100
    matcher = difflib.SequenceMatcher(None, _lines(before), _lines(after), autojunk=False)
    return min(99, int(matcher.ratio() * 100))


def _blob(content: bytes | None) -> str:
    """Git's short name of a file's content."""
    if content is None:
        return "0000000"
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()[:7]


def _quoted(path: str) -> str:
    """A path as git writes it: quoted with octal escapes where it has anything unusual."""
    raw = path.encode(_ENCODING, "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return path
    escapes = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}
    return '"' + "".join(
        escapes.get(byte, chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw
    ) + '"'  # fmt: skip
