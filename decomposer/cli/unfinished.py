"""What commands that only read say of a run that was killed half-way: the files may be neither old nor new."""

from __future__ import annotations

from pathlib import Path

from decomposer.shell.scan import has_unfinished


def warn_of_unfinished(root: Path) -> None:
    """Prints a warning on standard error when a run has not ended what it began."""
    if has_unfinished(str(root)):  # nearly always not, and then nothing more is loaded
        from decomposer.cli.telling import tell_problems
        from decomposer.shell import apply

        tell_problems(filter(None, [apply.warn_of_unfinished(root)]))
