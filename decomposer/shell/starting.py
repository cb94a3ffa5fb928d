"""The first files a team gets: written only where nothing is, unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.disk import lies_within
from decomposer.shell.scan import SKIPPED_FOLDERS


def write_files(root: Path, files: Mapping[str, str], force: bool) -> list[str]:
    """The paths written, in order.

    Raises DecomposerError, before anything is written, when a file is there already or a place is outside the
    repository or where nothing is read.
    """
    problems = [
        Problem(path, 0, "exists", "is there already", "--force replaces it")
        for path in files if not force and (root / path).exists()
    ]  # fmt: skip
    problems += [
        Problem(path, 0, "outside", "lies outside the repository")
        for path in files if not lies_within(root, root / path)
    ]  # fmt: skip
    problems += [
        Problem(path, 0, "never-read", "lies in a folder that is never looked into", "--rules names another")
        for path in files if SKIPPED_FOLDERS & set(path.split("/"))
    ]  # fmt: skip
    if problems:
        raise DecomposerError(problems)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8", newline="\n")
    return sorted(files)
