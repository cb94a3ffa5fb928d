"""What a copy of another context's module says of itself: what it is a copy of, and what that was then."""

from __future__ import annotations

import re

COPY = """# decompose: copy of {path}, carried until a client replaces it: change it there
# sha256 {digest}
"""
MARK = re.compile(
    rb"^# decompose: copy of (?P<path>[^\r\n]+), carried[^\r\n]*\r?\n# sha256 (?P<digest>[0-9a-f]{64})(?:\r?\n|\Z)",
    re.MULTILINE,
)


def origin(content: bytes) -> str:
    """The path that a copy's mark names, "" for a file without a mark."""
    found = MARK.search(content)
    return found["path"].decode("utf-8", "surrogateescape") if found else ""
