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
    new_path = move.new_path  # as long as the old one tells whether it is a package
    done = run(move, move.old, move.new, *options)
    if "[ambiguous]" in done.stdout + done.stderr:  # then it asks for paths, as a person would give them
        old, new = (path.relative_to(move.project).as_posix() for path in (move.old_path, new_path))
        done = run(move, old, new, *options)
    if done.returncode not in (0, 1) or not new_path.exists():
        raise ToolFailure(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")


def run(move: Move, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One run of the command on a program."""
    command = [*COMMAND, "move", *arguments, "--repo", str(move.project)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def move_without_alias(move_: Move) -> None:
    """Moves, and leaves nothing behind."""
    move(move_, "--no-alias")
