"""Facts of many files, read in worker processes that may die or hang without taking the run with them."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from decomposer.facts.python import read_python
from decomposer.model.facts import PythonFacts

if TYPE_CHECKING:
    from decomposer.shell.pool import Pool

Progress = Callable[[int, int], None]
FEW = 24
"""So few files are read in this process when `ast` reads them: starting workers would take longer."""


class Files:
    """Reads lots of files: `begin` as soon as it is known which, then take the `facts` of all of them.

    Workers read while this process goes on. Files whose syntax `ast` does not know are read again by LibCST, the
    first of them while others are still read.
    """

    def __init__(self, root: str, reader: str, progress: Progress | None = None, workers: int | None = None) -> None:
        self._root, self._reader, self._progress = root, reader, progress
        self._workers = workers or os.cpu_count() or 1
        self._sizes: dict[str, int] = {}
        self._found: dict[str, PythonFacts] = {}
        self._again: dict[str, PythonFacts] = {}
        self._rereading: set[str] = set()
        self._pool: Pool | None = None

    def __enter__(self) -> Files:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.stop()

    def begin(self, sizes: dict[str, int]) -> None:
        """Starts the reading of files, given with their sizes in bytes; a few are read at once."""
        self._sizes.update(sizes)
        if len(sizes) <= FEW and self._reader == "ast":
            for path in sizes:
                self._take(path, read_file(self._root, path, self._reader))
        else:
            self._start(sizes, self._reader)

    def facts(self, meanwhile: Callable[[], object] | None = None) -> dict[str, PythonFacts]:
        """The facts of all files, when the last one is read; a file that kills its worker says so in `error`.

        What is to be done `meanwhile` is done once, and only where workers read.
        """
        if meanwhile is not None and self._pool is not None:
            meanwhile()
        while True:
            if self._again and not self._rereading:
                self._rereading = set(self._again)
                self._start({path: self._sizes[path] for path in self._again}, "libcst")
            result = self._pool.next() if self._pool is not None else None
            if result is None:
                return self._found
            self._take(*result)

    def _start(self, sizes: dict[str, int], reader: str) -> None:
        if self._pool is None:
            from decomposer.shell.pool import Pool  # what it imports takes longer than reading a few files

            self._pool = Pool(read_file, self._root)
            if reader == "libcst":
                from decomposer.syntax import cst_reader  # noqa: F401  imported once for all workers, which are forked
        self._pool.start(sizes, reader, self._workers)

    def _take(self, path: str, facts: PythonFacts) -> None:
        if path in self._rereading:
            self._rereading.remove(path)
            first = self._again.pop(path)
            # A real syntax error stays as `ast` tells it, which is the clearer of the two; unless LibCST got further,
            # by more than the line end behind the error: then `ast` complained of newer syntax that is right.
            if facts.error and facts.reader != "none" and facts.error_line <= first.error_line + 1:
                facts = first
        elif facts.error_line and facts.reader == "ast":
            self._again[path] = facts
            return
        self._found[path] = facts
        if self._progress is not None:
            self._progress(len(self._found), len(self._sizes))


def read_file(root: str, path: str, reader: str) -> PythonFacts:
    """The facts of a file on disk; one that cannot be read says why."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            source = file.read()
    except OSError as error:
        return PythonFacts(0, f"cannot be read: {error.strerror}", reader="none")
    return read_python(source, reader)
