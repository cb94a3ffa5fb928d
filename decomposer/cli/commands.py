"""What each command does once its words are understood: call the use case, print, and tell the exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from decomposer import app
from decomposer.cli.guard import write_out
from decomposer.cli.printable import printable, printable_block
from decomposer.model.problems import DecomposerError
from decomposer.shell import replay
from decomposer.shell.scan import Scanned

if TYPE_CHECKING:
    from rich.progress import Progress

    from decomposer.report.blocks import Block

Request = dict[str, str]
"""A command's name under "command" and its options as text; what is absent was not given."""


def run_request(request: Request, scanned: Scanned | None = None) -> int:
    """The exit code of a command, after it has printed; what a user can mend becomes a message and code 2.

    A bug stays a traceback.
    """
    gc.disable()  # a short run that keeps nearly all it makes: collecting finds nothing and takes a tenth of it
    try:
        return COMMANDS[request["command"]](request, scanned)
    except DecomposerError as error:
        for problem in error.problems:
            print(printable(problem.render()), file=sys.stderr)
        return 2


def _analyze(request: Request, scanned: Scanned | None) -> int:
    with _Bar() as bar:
        answer = app.analyze(_options(request, bar, scanned))
    code = 1 if any(problem["severity"] == "error" for problem in answer.value["problems"]) else 0
    if request["format"] == "json":
        from decomposer.report.document import dump

        return _print(dump(answer.value), request, answer, code)
    from decomposer.report.overview import overview

    return _print_blocks(overview(answer.value), request, answer, code)


def _graph(request: Request, scanned: Scanned | None) -> int:
    with _Bar() as bar:
        answer = app.graph(_options(request, bar, scanned), request["format"])
    return _print(answer.value, request, answer, 0)


def _explain(request: Request, scanned: Scanned | None) -> int:
    with _Bar() as bar:
        answer = app.explain(_options(request, bar, scanned), request["subject"])
    if request["format"] == "json":
        from decomposer.report.document import dump

        return _print(dump(answer.value), request, answer, 0)
    from decomposer.report.explanation import explanation_blocks

    return _print_blocks(explanation_blocks(answer.value), request, answer, 0)


def _extract(request: Request, scanned: Scanned | None) -> int:
    from decomposer.report.patch import render_patch

    with _Bar() as bar:
        found = app.extract(_options(request, bar, scanned), request["context"])
    write_out(render_patch(found.change_set))
    for line in (*(problem.render() for problem in found.problems), *found.summary):
        print(printable(line), file=sys.stderr)
    return 1 if any(problem.severity == "error" for problem in found.problems) else 0


def _init(request: Request, scanned: Scanned | None) -> int:
    given = (request.get("source"), request.get("package"), request.get("entry"))
    for path in app.init(_options(request, None, scanned), *given, request["folder"], "force" in request):
        print(f"wrote {path}")
    print("next: decompose analyze")
    return 0


COMMANDS: dict[str, Callable[[Request, Scanned | None], int]] = {
    "analyze": _analyze,
    "graph": _graph,
    "explain": _explain,
    "extract": _extract,
    "init": _init,
}


def _options(request: Request, bar: _Bar | None, scanned: Scanned | None) -> app.Options:
    def path(name: str) -> Path | None:
        return Path(request[name]) if name in request else None

    return app.Options(
        path("repo"), path("config"), path("rules"), request.get("reader", "ast"), "no_cache" not in request,
        bar.show if bar is not None and sys.stderr.isatty() else None, scanned,
    )  # fmt: skip


def _print(text: str, request: Request, answer: app.Answer, code: int) -> int:
    """The code given, after printing; what was printed is kept for when nothing has changed.

    It is UTF-8 wherever it goes. A file name that is not is written with escapes, which JSON reads back.
    """
    data = text.encode("utf-8", "backslashreplace")
    write_out(data)
    replay.keep(sys.argv[1:], request, answer.root, answer.listed, code, data)
    return code


def _print_blocks(blocks: list[Block], request: Request, answer: app.Answer, code: int) -> int:
    blocks = [printable_block(block) for block in blocks]
    if request["format"] == "markdown":
        from decomposer.report.markdown import render_markdown

        return _print(render_markdown(blocks), request, answer, code)
    if sys.stdout.isatty():
        from decomposer.report.terminal import print_terminal

        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        print_terminal(blocks)
        return code
    from decomposer.report.plain import render_plain

    return _print(render_plain(blocks), request, answer, code)


class _Bar:
    """A progress bar on a terminal, once there is something to wait for."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Says how many of all files have been read."""
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._bar.add_task("reading", total=total)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)
