"""Facts of many files, read in worker processes that may die or hang without taking the run with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from decomposer.facts.python import read_python
from decomposer.model.facts import PythonFacts

Progress = Callable[[int, int], None]
FEW = 24
"""So few files are read in this process when `ast` reads them: starting workers would take longer."""


def read_files(
    root: str,
    sizes: dict[str, int],
    reader: str,
    progress: Progress | None = None,
    workers: int | None = None,
) -> dict[str, PythonFacts]:
    """The facts of the files given with their sizes in bytes; a file that kills its worker says so in `error`.

    Files whose syntax `ast` does not know are read a second time by LibCST.
    """
    total = len(sizes)
    found: dict[str, PythonFacts] = {}
    for path, facts in _read(root, sizes, reader, workers):
        found[path] = facts
        if progress is not None:
            progress(len(found), total)
    if reader == "ast":
        again = {path: sizes[path] for path, facts in found.items() if facts.error_line and facts.reader == "ast"}
        for path, facts in _read(root, again, "libcst", workers):
            # A real syntax error stays as `ast` tells it, which is the clearer of the two; unless LibCST got further,
            # by more than the line end behind the error: then `ast` complained of newer syntax that is right.
            if not facts.error or facts.reader == "none" or facts.error_line > found[path].error_line + 1:
                found[path] = facts
    return found


def _read(root: str, sizes: dict[str, int], reader: str, workers: int | None) -> Iterator[tuple[str, PythonFacts]]:
    if len(sizes) <= FEW and reader == "ast":
        yield from ((path, read_file(root, path, reader)) for path in sizes)
        return
    if sizes:
        from decomposer.shell.pool import Pool  # what it imports takes longer than reading a few files

        yield from Pool(read_file, root, reader).run(sizes, workers or os.cpu_count() or 1)


def read_file(root: str, path: str, reader: str) -> PythonFacts:
    """The facts of a file on disk; one that cannot be read says why."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            source = file.read()
    except OSError as error:
        return PythonFacts(0, f"cannot be read: {error.strerror}", reader="none")
    return read_python(source, reader)
