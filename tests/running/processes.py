"""Processes as the system lists them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def processes_of(folder: Path) -> list[int]:
    """The processes with a folder in their words, or that run in it or below it, but for this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words, at = (entry / "cmdline").read_bytes(), os.readlink(entry / "cwd")
            except OSError:
                continue
            if os.fsencode(folder) in words or f"{at}/".startswith(f"{folder}/"):
                found.append(int(entry.name))
    return sorted(found)


def wait_until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Returns as soon as something holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to that in time"
        time.sleep(0.05)
