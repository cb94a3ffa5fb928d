"""Copies that services carry of modules of other contexts, each marked with what it is a copy of."""

from __future__ import annotations

import codecs
import hashlib
import posixpath
from collections.abc import Collection

from decomposer.extracting.tree import Tree
from decomposer.facts.copied import COPY
from decomposer.planning.beside import reads_what_stays
from decomposer.rewrite.own_file import with_old_folder


def copied(tree: Tree, content: bytes, path: str, place: str, carried: Collection[str] = ()) -> bytes:
    """What a copy at another place says that finds what the file finds by its own folder; `carried` goes along."""
    beside = tree.below(posixpath.dirname(path)) if b"__file__" in content else []
    return with_old_folder(content, path, place) if reads_what_stays(path, content, carried, (), beside) else content


def marked(content: bytes, path: str, original: bytes | None = None) -> bytes:
    """A copy that says what it is a copy of: above its first line, where no interpreter or encoding stands there.

    `original` is what the file says, where the copy says anything else.
    """
    mark = COPY.format(path=path, digest=hashlib.sha256(original or content).hexdigest()).encode()
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    mark = mark.replace(b"\n", newline)
    if content.startswith(b"#") or content.startswith(codecs.BOM_UTF8):
        return content + (b"" if content.endswith(b"\n") else newline) + mark
    return mark + content
