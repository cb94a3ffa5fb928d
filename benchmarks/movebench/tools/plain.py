"""Moving by hand: the file alone, or with every text replaced that looks like its name."""

from __future__ import annotations

import re

from benchmarks.movebench.tools.moving import Move, relocate, text_files


def version() -> str:
    """Always there."""
    return "-"


def move(move: Move) -> None:
    """Moves the file and leaves everything else to luck."""
    relocate(move)


def replace_names(move: Move) -> None:
    """Moves the file and replaces the dotted name and the path, at word boundaries, in every text file."""
    old_path, new_path = (path.relative_to(move.source).as_posix() for path in (move.old_path, move.new_path))
    relocate(move)
    for path, text in text_files(move.project):
        changed = re.sub(rf"\b{re.escape(move.old)}\b", move.new, text)
        changed = re.sub(rf"\b{re.escape(old_path)}\b", new_path, changed)
        if changed != text:
            path.write_bytes(changed.encode())
