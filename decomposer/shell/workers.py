"""Facts of many files, read in worker processes that may die or hang without taking the run with them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import msgspec

from decomposer.facts.python import count_lines, read_python
from decomposer.model.facts import PythonFacts

Progress = Callable[[int, int], None]
FEW = 24
"""So few files are read in this process when `ast` reads them: starting workers would take longer."""
SECONDS_PER_FILE = 60.0


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
            # A real syntax error stays as `ast` tells it, which is the clearer of the two.
            if not facts.error or facts.error.startswith("the reader"):
                found[path] = facts
    return found


def _read(root: str, sizes: dict[str, int], reader: str, workers: int | None) -> Iterator[tuple[str, PythonFacts]]:
    if len(sizes) <= FEW and reader == "ast":
        yield from ((path, _read_one(root, path, reader)) for path in sizes)
        return
    if sizes:
        yield from _Pool(root, reader).run(sizes, workers or os.cpu_count() or 1)


def _read_one(root: str, path: str, reader: str) -> PythonFacts:
    try:
        with open(os.path.join(root, path), "rb") as file:
            source = file.read()
    except OSError as error:
        return PythonFacts(0, f"cannot be read: {error.strerror}", reader="none")
    return read_python(source, reader)


def _work(root: str, paths: list[str], reader: str, results: Connection) -> None:
    """What a worker does: one message for each file, in the order given, then one that it is done."""
    gc.disable()  # the trees hold no cycles; collecting would walk them over and over
    sys.setrecursionlimit(4000)
    encode = msgspec.msgpack.Encoder().encode
    for count, path in enumerate(paths):
        results.send_bytes(encode(_read_one(root, path, reader)))
        if count % 50 == 49:
            gc.collect()
    results.close()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    results: Connection
    paths: list[str]
    since: float


class _Pool:
    def __init__(self, root: str, reader: str) -> None:
        self.root, self.reader = root, reader
        self.context = (
            multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
        )
        self.decode = msgspec.msgpack.Decoder(PythonFacts).decode

    def run(self, sizes: dict[str, int], workers: int) -> Iterator[tuple[str, PythonFacts]]:
        """Each file's facts as they come; a worker that died is replaced and goes on behind the file it died of."""
        running = [self._start(batch) for batch in _share_out(sizes, min(workers, len(sizes)))]
        try:
            while running:
                ready = set(wait([worker.results for worker in running], timeout=1.0))
                for worker in list(running):
                    if worker.results in ready:
                        result = self._receive(worker)
                        if result is not None:
                            worker.since = time.monotonic()
                            yield worker.paths.pop(0), result
                            continue
                    elif time.monotonic() - worker.since < SECONDS_PER_FILE:
                        continue
                    running.remove(worker)
                    self._stop(worker)
                    if worker.paths:
                        culprit = worker.paths.pop(0)
                        yield culprit, self._blame(culprit, worker.results in ready)
                    if worker.paths:
                        running.append(self._start(worker.paths))
        finally:
            for worker in running:
                self._stop(worker)

    def _start(self, paths: list[str]) -> _Worker:
        receiving, sending = self.context.Pipe(duplex=False)
        process = self.context.Process(target=_work, args=(self.root, paths, self.reader, sending), daemon=True)
        process.start()
        sending.close()
        return _Worker(process, receiving, list(paths), time.monotonic())

    def _stop(self, worker: _Worker) -> None:
        worker.results.close()
        if worker.paths:
            worker.process.kill()
        worker.process.join()

    def _receive(self, worker: _Worker) -> PythonFacts | None:
        try:
            return self.decode(worker.results.recv_bytes())
        except (EOFError, OSError):
            return None

    def _blame(self, path: str, died: bool) -> PythonFacts:
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                lines = count_lines(file.read())
        except OSError:
            lines = 0
        what = "crashed on it" if died else f"took more than {SECONDS_PER_FILE:.0f} s for it"
        return PythonFacts(lines, f"the reader {self.reader} {what}: only counted", reader="none")


def _share_out(sizes: dict[str, int], workers: int) -> Iterable[list[str]]:
    """The files in as many lists, the largest dealt first so that all take about as long."""
    batches: list[tuple[int, list[str]]] = [(0, []) for _ in range(workers)]
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        smallest = min(range(workers), key=lambda i: batches[i][0])
        load, paths = batches[smallest]
        paths.append(path)
        batches[smallest] = (load + sizes[path] + 500, paths)
    return [paths for _, paths in batches if paths]
