"""Whether a Python file around a package may refer to it, told from its bytes without reading it as Python."""

from __future__ import annotations

import re

_REFERS = re.compile(rb"(?:[\"'}]\.*|\bfrom\s+|(?:^|[;:>\xbf])\s*import\b(?:[^;]*,)?\s*)\Z")
"""What stands on the line before a name that is imported or begins a string, an f-string's parts among them.

Behind `;`, `:`, a doctest's prompt or a byte order mark a statement may begin as well as on a line of its own.
"""
_COMPUTES = (b"import_module", b"__import__")
_LONGEST = 1000
"""Bytes of a line. Longer ones are not looked at: such a file is read."""


def may_refer(source: bytes, mention: re.Pattern[bytes], project: bytes) -> bool:
    """Whether any mention of the package may be more than a name like it, such as a variable `app`.

    Whoever imports by a computed name may, too, and who names the folder of the package's `project`: that is
    how a file says which of several packages of one name it means.
    """
    if any(word in source for word in _COMPUTES) or (project and project in source):
        return True
    if b"\r" in source:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for found in mention.finditer(source):
        start = found.start()
        begin = source.rfind(b"\n", 0, start) + 1
        is_continued = source[max(0, begin - 2) : begin] == b"\\\n"
        if is_continued or start - begin > _LONGEST or _REFERS.search(source[begin:start]):
            return True
    return False
