"""What every command can be told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from decomposer.shell.scan import Scanned

Progress = Callable[[int, int], None]


class Options(Struct, frozen=True):
    """What every command can be told: where to work, with which configuration, rules, reader and cache."""

    repo: Path | None = None
    config: Path | None = None
    rules: Path | None = None
    reader: str = "ast"
    cache: bool = True
    progress: Progress | None = None
    scanned: Scanned | None = None
