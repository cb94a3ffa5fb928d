"""What a client says of the context that it calls: which one, and where that is unless a variable says otherwise."""

from __future__ import annotations

import re

_OWNER = re.compile(rb'^_owner = Owner\(\s*"(?P<owner>[^"\n]+)",\s*"(?P<variable>[^"\n]+)",\s*"(?P<address>[^"\n]+)"',
                    re.MULTILINE)  # fmt: skip


def called(content: bytes) -> str:
    """The context that a client calls, "" for what is no client."""
    found = _OWNER.search(content)
    return found["owner"].decode() if found else ""


def calling_at(content: bytes, address: str) -> bytes:
    """The same client, which calls its owner at another address."""
    found = _OWNER.search(content)
    if found is None:
        return content
    return content[: found.start("address")] + address.encode() + content[found.end("address") :]
