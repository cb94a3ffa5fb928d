"""Digests of plain data."""

import hashlib
import json
from typing import Any


def digest(value: Any) -> str:
    """Return the SHA-256 of `value` as canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def short_digest(value: Any, length: int = 12) -> str:
    """Return the first `length` digits of `digest(value)`."""
    return digest(value)[:length]
