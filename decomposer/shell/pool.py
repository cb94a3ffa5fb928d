"""Worker processes that may die or hang on a file without taking the run with them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import msgspec
from msgspec import Struct

from decomposer.facts.python import count_lines
from decomposer.model.facts import PythonFacts

SECONDS_PER_FILE = 60.0


ReadFile = Callable[[str, str, str], PythonFacts]
"""Reads one file: the repository, the path in it, the reader's name."""


def _work(read_file: ReadFile, root: str, paths: list[str], reader: str, results: Connection) -> None:
    """What a worker does: one message for each file, in the order given, then the end of the stream."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started it ends it, and says so once
    threading.Thread(target=_die_with_parent, daemon=True).start()
    gc.disable()  # the trees hold no cycles; collecting would walk them over and over
    sys.setrecursionlimit(4000)
    encode = msgspec.msgpack.Encoder().encode
    for path in paths:
        results.send_bytes(encode(read_file(root, path, reader)))
    results.close()


def _die_with_parent() -> None:
    """Ends this process when the one that started it is gone, however that came about: nobody reads its results."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Worker(Struct):
    process: BaseProcess
    results: Connection
    paths: list[str]
    since: float


class Pool:
    """Reads files with one reader in several processes; one that takes too long for a file is ended."""

    def __init__(self, read_file: ReadFile, root: str, reader: str, seconds: float = SECONDS_PER_FILE) -> None:
        self.read_file, self.root, self.reader, self.seconds = read_file, root, reader, seconds
        self.context = (
            multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
        )
        self.decode = msgspec.msgpack.Decoder(PythonFacts).decode

    def run(self, sizes: dict[str, int], workers: int) -> Iterator[tuple[str, PythonFacts]]:
        """Each file's facts as they come; a worker that died is replaced and goes on behind the file it died of."""
        running = [self._start(batch) for batch in _share_out(sizes, min(workers, len(sizes)))]
        try:
            while running:
                ready = set(wait([worker.results for worker in running], timeout=min(1.0, self.seconds)))
                for worker in list(running):
                    if worker.results in ready:
                        result = self._receive(worker)
                        if result is not None:
                            worker.since = time.monotonic()
                            yield worker.paths.pop(0), result
                            continue
                    elif time.monotonic() - worker.since < self.seconds:
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
        arguments = (self.read_file, self.root, paths, self.reader, sending)
        process = self.context.Process(target=_work, args=arguments, daemon=True)
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
        what = "crashed on it" if died else f"took more than {self.seconds:g} s for it"
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
