"""Units as systemd-analyze sees them, with stand-ins for what they run."""

from __future__ import annotations

from pathlib import Path

from decomposer.scaffold.monolith import unit_settings
from decomposer.scaffold.running import words
from tests.artefacts.tools import said, tool

WORST = 2.5
"""The exposure that no unit may be above: systemd's figure, from 0 to 10."""


def verify(path: Path, text: str, deployed: str) -> str:
    """What `systemd-analyze verify` says of a unit, "" for nothing; what it runs below `deployed` is there."""
    program, root = tool("systemd-analyze"), path.parent / "deployed"
    path.write_text(text.replace(deployed + "/", f"{root}/"))
    for key, value in unit_settings(path.read_text()):
        if key.startswith("Exec"):
            place = Path(words(value)[0])
            if place.is_relative_to(root):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text("#!/bin/sh\n")
                place.chmod(0o755)
        if key == "WorkingDirectory":
            Path(value).mkdir(parents=True, exist_ok=True)
    return said(program, "verify", path)


def exposure(path: Path, text: str) -> float:
    """How exposed systemd finds a unit."""
    path.write_text(text)
    answer = said(tool("systemd-analyze"), "security", "--offline=yes", "--no-pager", path)
    return float(answer.rpartition("exposure level for")[2].split(": ")[1].split()[0])
