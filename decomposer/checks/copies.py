"""That the copies which a service carries say what their originals say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence

from msgspec import Struct

from decomposer.checks.contract import shortened
from decomposer.facts.copied import MARK, origin
from decomposer.model.certificate import Check, checked
from decomposer.rewrite.own_file import with_own_folder
from decomposer.syntax.plain import same_but_for_names


class Carried(Struct, frozen=True):
    """A file among a service's copies, with the original as it is now: its path and bytes, "" where there is none."""

    path: str
    content: bytes
    original: str
    now: bytes = b""


def same_copies(carried: Sequence[Carried], packages: Collection[str], renamed: bool = False) -> Check:
    """That every copy is what its original is; `packages` are top packages, one of which may stand for another.

    Where originals may have been `renamed` since, with what they name, imports and names of modules are not compared.
    """
    trouble: list[str] = []
    notes: list[str] = []
    count = 0
    for copy in carried:
        found = MARK.search(copy.content)
        if found is None:
            if not copy.path.endswith("/__init__.py"):  # a package's part lies among the copies, too
                trouble.append(f"{copy.path}: lies among the copies, and does not say what it is a copy of")
            continue
        count += 1
        body = with_own_folder(copy.content[: found.start()] + copy.content[found.end() :])
        now = with_own_folder(copy.now)
        if not copy.original:
            notes.append(f"{copy.path}: what it is a copy of is not there any more ({origin(copy.content)})")
        elif not (_alike(body, packages) == _alike(now, packages)
                  or (renamed and same_but_for_names(body, now, packages))):  # fmt: skip
            recorded = found["digest"].decode()
            trouble.append(
                f"{copy.path}: was edited; it is a copy of {copy.original}, change that"
                if hashlib.sha256(copy.now).hexdigest() == recorded
                else f"{copy.path}: {copy.original} has changed since it was copied"
            )
    return checked("copies", "the copies it carries are what they were copied from", shortened(trouble),
                   [f"{count} copies", *shortened(notes)])  # fmt: skip


def _alike(content: bytes, packages: Collection[str]) -> bytes:
    """A file's bytes with one name for all top packages, and without an end of the last line."""
    names = b"|".join(re.escape(name.encode()) for name in sorted(packages))
    return re.sub(rb"\b(?:" + names + rb")\b(?=\s*\.|\s+import\b)", b"_", content).rstrip(b"\r\n")
