"""A source file as UTF-8 bytes, in which `ast` counts columns, and back in its own encoding."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from collections.abc import Iterable

from msgspec import Struct

from decomposer.model.sites import Edit

_LINE_END = re.compile(rb"\r\n|\r|\n")


class Text(Struct, frozen=True):
    """A file's text as UTF-8, the byte order mark left out, and the encoding that it is written in."""

    utf8: bytes
    encoding: str
    mark: bytes

    def line_starts(self) -> list[int]:
        """The offset at which each physical line begins."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.utf8))]

    def lines(self) -> list[str]:
        """The physical lines, as Python counts them, without their ends."""
        return [line.decode() for line in _LINE_END.split(self.utf8)]

    def newline(self) -> bytes:
        """The file's own line end: that of its first line."""
        first = _LINE_END.search(self.utf8)
        return first[0] if first else b"\n"

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file's bytes with some of them replaced; what lies between the edits stays as it is.

        Raises ValueError when two edits overlap or the encoding has no form for what is put in.
        """
        parts: list[bytes] = []
        at = 0
        for edit in sorted(set(edits)):
            if edit.start < at:
                raise ValueError("two edits overlap")
            parts += [self.utf8[at : edit.start], edit.text]
            at = edit.end
        utf8 = b"".join([*parts, self.utf8[at:]])
        return self.mark + (utf8 if self.encoding == "utf-8" else utf8.decode("utf-8").encode(self.encoding))


def text_of(source: bytes) -> Text:
    """A Python file's text, by its byte order mark and its `coding` comment.

    Raises SyntaxError for an unknown encoding, UnicodeDecodeError for bytes that it does not have.
    """
    mark = codecs.BOM_UTF8 if source.startswith(codecs.BOM_UTF8) else b""
    # The comment counts in the first two lines only, whatever their line ends are.
    head = re.sub(rb"\r\n?", b"\n", source[:400])
    encoding = tokenize.detect_encoding(io.BytesIO(head[: head.rfind(b"\n") + 1] or head).readline)[0]
    if encoding in ("utf-8", "utf-8-sig"):
        source[len(mark) :].decode("utf-8")
        return Text(source[len(mark) :], "utf-8", mark)
    return Text(source.decode(encoding).encode("utf-8"), encoding, b"")
