"""What a change does, as it is written down before it is done: `journal.json`, for a person as well."""

from __future__ import annotations

import json

import msgspec
from msgspec import Struct

from decomposer.model.problems import DecomposerError, Problem

_ENCODING = "utf-8"
_ERRORS = "surrogateescape"  # a path need not be UTF-8


class Version(Struct, frozen=True, omit_defaults=True):
    """A file as it is on one side of a change: git's mode ("" where it does not matter), sha256, permissions."""

    mode: str
    sha256: str
    permissions: str = ""


class Entry(Struct, frozen=True, omit_defaults=True):
    """One file before and after, None where it is absent; `name` is what it is called in `before/` and `staged/`."""

    path: str
    name: str
    before: Version | None = None
    after: Version | None = None
    moved_from: str = ""


class Journal(Struct, frozen=True, omit_defaults=True):
    """One change: the files in order of path, and the folders that it makes and removes with their permissions.

    `undoes` names the change that this one rolls back, `contexts` those that it took a step further.
    """

    id: str
    title: str
    time: str
    files: tuple[Entry, ...]
    made: dict[str, str] = {}
    removed: dict[str, str] = {}
    undoes: str = ""
    contexts: tuple[str, ...] = ()


def encode(journal: Journal) -> bytes:
    """The journal as JSON, one value a line."""
    text = json.dumps(msgspec.to_builtins(journal), ensure_ascii=False)
    return msgspec.json.format(text.encode(_ENCODING, _ERRORS), indent=1) + b"\n"


def decode(content: bytes, path: str) -> Journal:
    """The journal that was written; DecomposerError where it is damaged."""
    try:
        journal = msgspec.convert(json.loads(content.decode(_ENCODING, _ERRORS)), Journal)
    except (ValueError, RecursionError) as error:
        raise DecomposerError(Problem(path, 0, "damaged-journal", f"cannot be understood: {error}")) from None
    if not all(entry.name.isascii() and entry.name.isdigit() for entry in journal.files):
        raise DecomposerError(Problem(path, 0, "damaged-journal", "names a file that this tool does not write"))
    return journal
