"""Text that a terminal shows and does not obey: file names may hold anything."""

from __future__ import annotations

from typing import Any

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def printable(told: Any) -> Any:
    """The same text, or lists and dictionaries of texts, with each control character written as `\\x1b`."""
    if isinstance(told, str):
        return told if told.isprintable() else told.translate(_CONTROLS)
    if isinstance(told, list):
        return [printable(item) for item in told]
    if isinstance(told, dict):
        return {printable(key): printable(value) for key, value in told.items()}
    return told
