"""The first files a team gets: written only where nothing is, unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from decomposer.model.problems import DecomposerError, Problem


def write_files(root: Path, files: Mapping[str, str], force: bool) -> list[str]:
    """The paths written, in order.

    Raises DecomposerError, before anything is written, when a file is there already or a place is outside.
    """
    problems = [
        Problem(path, 0, "exists", "is there already", "--force replaces it")
        for path in files if not force and (root / path).exists()
    ]  # fmt: skip
    problems += [
        Problem(path, 0, "outside", "lies outside the repository")
        for path in files if not (root / path).resolve().is_relative_to(root.resolve())
    ]  # fmt: skip
    if problems:
        raise DecomposerError(problems)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="\n")
    return sorted(files)
