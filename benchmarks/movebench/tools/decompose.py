"""The project's own tool, as a command."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.movebench.tools.moving import Move, ToolFailure

COMMAND = (sys.executable, "-m", "decomposer")


def version() -> str | None:
    """The version, if it can move modules."""
    if subprocess.run([*COMMAND, "move", "--help"], capture_output=True).returncode:
        return None
    return subprocess.run([*COMMAND, "--version"], capture_output=True, text=True).stdout.split()[-1]


def move(move: Move, *options: str) -> None:
    """Moves, and leaves an alias at the old path.

    Raises ToolFailure where nothing could be done; problems that are only listed are for the check to judge.
    """
    command = [*COMMAND, "move", move.old, move.new, "--repo", str(move.project), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1) or not move.new_path.exists():
        raise ToolFailure(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")


def move_without_alias(move_: Move) -> None:
    """Moves, and leaves nothing behind."""
    move(move_, "--no-alias")
