"""Copies that services carry of modules of other contexts, each marked with what it is a copy of."""

from __future__ import annotations

import codecs
import hashlib

from decomposer.facts.copied import COPY


def marked(content: bytes, path: str) -> bytes:
    """A copy that says what it is a copy of: above its first line, where no interpreter or encoding stands there."""
    mark = COPY.format(path=path, digest=hashlib.sha256(content).hexdigest()).encode()
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    mark = mark.replace(b"\n", newline)
    if content.startswith(b"#") or content.startswith(codecs.BOM_UTF8):
        return content + (b"" if content.endswith(b"\n") else newline) + mark
    return mark + content
