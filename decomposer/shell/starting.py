"""The first files a team gets: only where nothing is, unless told otherwise."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from decomposer.changeset import ChangeSet, Write, build_changeset
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell.disk import lies_within, mode, reader
from decomposer.shell.scan import SKIPPED_FOLDERS


def start(root: Path, files: Mapping[str, str], force: bool) -> ChangeSet:
    """The change set that writes files, given as text by path.

    Raises DecomposerError when a file is there already (unless forced), or a place is outside the repository or
    where nothing is read.
    """
    problems = [
        Problem(path, 0, "outside", "lies outside the repository")
        for path in files if not lies_within(root, root / path)
    ]  # fmt: skip
    problems += [
        Problem(path, 0, "exists", "is there already", "--force replaces it")
        for path in files if not force and os.path.lexists(root / path)
    ]  # fmt: skip
    problems += [
        Problem(path, 0, "never-read", "lies in a folder that is never looked into", "--rules names another")
        for path in files if SKIPPED_FOLDERS & set(path.split("/"))
    ]  # fmt: skip
    if problems:
        raise DecomposerError(problems)
    read = reader(root)
    before = {path: read(path) for path in files}
    writes = [
        Write(path, text.encode(), "init", mode_before="" if before[path] is None else mode(root, path))
        for path, text in files.items()
    ]
    return build_changeset(writes, before)
