"""A change set as a patch that `git apply` takes: renames as renames, bytes as they are."""

from __future__ import annotations

import base64
import difflib
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import replace

from decomposer.changeset import Change, ChangeSet

_ENCODING = "utf-8"
_NO_END = "\\ No newline at end of file"
_NOTHING = "0" * 40
_BASE85_LINE = 52


def render_patch(change_set: ChangeSet) -> bytes:
    """The patch in git's extended format, empty for an empty change set."""
    by_path = {change.path: change for change in change_set.changes}
    # A rename needs a source that goes and a target that was not there. Where something else stands at the old path
    # afterwards, git has it as a copy; anything else is two plain changes.
    moved = {
        change.path: by_path[change.moved_from]
        for change in change_set.changes
        if change.moved_from and change.before is None and change.moved_from in by_path
        and by_path[change.moved_from].before is not None
    }  # fmt: skip
    gone = {old.path for old in moved.values() if old.after is None}
    lines: list[str] = []
    for change in change_set.changes:
        if change.path in gone:
            continue
        if change.path in moved:
            lines += _moved(moved[change.path], change)
        elif change.before is not None and change.after is not None and _kind(change.mode_before) != _kind(change.mode):
            lines += _plain(replace(change, after=None))
            lines += _plain(replace(change, before=None, mode_before=""))
        else:
            lines += _plain(change)
    return "".join(lines).encode(_ENCODING, "surrogateescape")


def _moved(old: Change, new: Change) -> Iterator[str]:
    before, after = old.before or b"", new.after or b""
    word = "rename" if old.after is None else "copy"
    yield f"diff --git {_quoted('a/' + old.path)} {_quoted('b/' + new.path)}\n"
    yield from _modes(old.mode_before, new.mode)
    yield f"similarity index {_similarity(before, after)}%\n"
    yield f"{word} from {_quoted(old.path)}\n"
    yield f"{word} to {_quoted(new.path)}\n"
    if before != after:
        yield from _content(old.path, new.path, before, after, new.mode if old.mode_before == new.mode else "")


def _plain(change: Change) -> Iterator[str]:
    yield f"diff --git {_quoted('a/' + change.path)} {_quoted('b/' + change.path)}\n"
    if change.before is None:
        yield f"new file mode {change.mode}\n"
        yield from _content("", change.path, None, change.after)
    elif change.after is None:
        yield f"deleted file mode {change.mode_before or change.mode}\n"
        yield from _content(change.path, "", change.before, None)
    else:
        same_mode = change.mode_before in ("", change.mode)
        yield from _modes(change.mode_before, change.mode)
        if change.before != change.after:
            kept = change.mode if same_mode else ""
            yield from _content(change.path, change.path, change.before, change.after, kept)


def _modes(before: str, after: str) -> Iterator[str]:
    if before not in ("", after):
        yield f"old mode {before}\nnew mode {after}\n"


def _kind(mode: str) -> str:
    """What a mode says beyond the permissions: a file or a symbolic link."""
    return mode[:3] or "100"


def _content(old: str, new: str, before: bytes | None, after: bytes | None, mode: str = "") -> Iterator[str]:
    """The index line and what changes in the content; `mode` is the one that stays, "" for none."""
    kept_mode = f" {mode}" if mode else ""
    if b"\0" in (before or b"") + (after or b""):
        yield f"index {_blob(before)}..{_blob(after)}{kept_mode}\n"  # git wants them whole for a binary file
        yield "GIT binary patch\n"
        yield from _literal(after or b"")
        yield from _literal(before or b"")  # the way back, for `git apply -R`
    else:
        yield f"index {_blob(before)[:7]}..{_blob(after)[:7]}{kept_mode}\n"
        yield from _hunks(old, new, before or b"", after or b"")


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


def _literal(content: bytes) -> Iterator[str]:
    """The whole of a file as git writes binary content: deflated, base 85, each line led by its length."""
    packed = zlib.compress(content)
    yield f"literal {len(content)}\n"
    for start in range(0, len(packed), _BASE85_LINE):
        part = packed[start : start + _BASE85_LINE]
        length = chr(ord("A") + len(part) - 1) if len(part) <= 26 else chr(ord("a") + len(part) - 27)
        yield f"{length}{base64.b85encode(part, pad=True).decode()}\n"
    yield "\n"


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
    """Git's name of a file's content."""
    if content is None:
        return _NOTHING
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _quoted(path: str) -> str:
    """A path as git reads it: quoted with octal escapes where it has anything unusual.

    A space counts as such: git writes it plainly, and cannot always tell then where a name ends.
    """
    raw = path.encode(_ENCODING, "surrogateescape")
    if all(32 < byte < 127 and byte not in b'"\\' for byte in raw):
        return path
    escapes = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}
    return '"' + "".join(
        escapes.get(byte, chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw
    ) + '"'  # fmt: skip
