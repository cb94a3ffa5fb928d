"""Worker processes that may die or hang on a file without taking the run with them."""

from __future__ import annotations

import gc
import multiprocessing
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import msgspec
from msgspec import Struct

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

from decomposer.facts.python import count_lines
from decomposer.model.facts import PythonFacts

SECONDS_PER_FILE = 60.0
PIPE_BYTES = 1024 * 1024


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


class _Worker(Struct, eq=False):
    process: BaseProcess
    results: Connection
    paths: list[str]
    reader: str
    since: float


class Pool:
    """Reads files in several processes; one that takes too long for a file is ended.

    Each `start` adds processes of its own, at any time; `next` gives what any of them has read.
    """

    def __init__(self, read_file: ReadFile, root: str, seconds: float = SECONDS_PER_FILE) -> None:
        self.read_file, self.root, self.seconds = read_file, root, seconds
        self.context = (
            multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")
        )
        self.decode = msgspec.msgpack.Decoder(PythonFacts).decode
        self.selector = selectors.DefaultSelector()  # one for all results: making one takes longer than most files
        self.running: list[_Worker] = []
        self.ready: list[_Worker] = []

    def start(self, sizes: dict[str, int], reader: str, workers: int) -> None:
        """Begins to read files with a reader, shared out among so many processes."""
        for batch in _share_out(sizes, min(workers, len(sizes))):
            self._start(batch, reader)

    def next(self) -> tuple[str, PythonFacts] | None:
        """The next file and its facts, None when all are read; waits for it.

        A worker that died or took too long is replaced and goes on behind the file it failed on.
        """
        while self.running:
            if not self.ready:
                self.ready = [key.data for key, _ in self.selector.select(min(1.0, self.seconds))]
                now = time.monotonic()
                for worker in [w for w in self.running if w not in self.ready and now - w.since >= self.seconds]:
                    if failed := self._replace(worker, False):
                        return failed
            while self.ready:
                worker = self.ready.pop()
                result = self._receive(worker)
                if result is not None:
                    worker.since = time.monotonic()
                    return worker.paths.pop(0), result
                if failed := self._replace(worker, True):
                    return failed
        return None

    def stop(self) -> None:
        """Ends all processes, whatever they are at."""
        for worker in self.running:
            self._stop(worker)
        self.running, self.ready = [], []
        self.selector.close()

    def _start(self, paths: list[str], reader: str) -> None:
        receiving, sending = self.context.Pipe(duplex=False)
        _widen(sending)
        arguments = (self.read_file, self.root, paths, reader, sending)
        process = self.context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        sending.close()
        worker = _Worker(process, receiving, list(paths), reader, time.monotonic())
        self.running.append(worker)
        self.selector.register(receiving, selectors.EVENT_READ, worker)

    def _replace(self, worker: _Worker, died: bool) -> tuple[str, PythonFacts] | None:
        """Ends a worker; the file that it failed on with what is to be said, None where it had read all of its own."""
        self.running.remove(worker)
        self.selector.unregister(worker.results)
        self._stop(worker)
        if not worker.paths:
            return None
        culprit = worker.paths.pop(0)
        if worker.paths:
            self._start(worker.paths, worker.reader)
        return culprit, self._blame(culprit, worker.reader, died)

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

    def _blame(self, path: str, reader: str, died: bool) -> PythonFacts:
        try:
            with open(os.path.join(self.root, path), "rb") as file:
                lines = count_lines(file.read())
        except OSError:
            lines = 0
        what = "crashed on it" if died else f"took more than {self.seconds:g} s for it"
        return PythonFacts(lines, f"the reader {reader} {what}: only counted", reader="none")


def _widen(results: Connection) -> None:
    """Lets a worker go on while nobody takes what it has read: a pipe holds no more than some fifty files at first."""
    if sys.platform == "linux":
        with suppress(OSError):  # a user may have only so much of it
            fcntl(results.fileno(), F_SETPIPE_SZ, PIPE_BYTES)


def _share_out(sizes: dict[str, int], workers: int) -> Iterable[list[str]]:
    """The files in as many lists, the largest dealt first so that all take about as long.

    Each list begins with its smallest: most files are read early, and so is what has to be read again.
    """
    batches: list[tuple[int, list[str]]] = [(0, []) for _ in range(workers)]
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        smallest = min(range(workers), key=lambda i: batches[i][0])
        load, paths = batches[smallest]
        paths.append(path)
        batches[smallest] = (load + sizes[path] + 500, paths)
    return [paths[::-1] for _, paths in batches if paths]
