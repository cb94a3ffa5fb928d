"""The command that runs the analysed code: it records the baseline, or certifies what has left."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec

from decomposer import app
from decomposer.cli.printable import printable, printable_block
from decomposer.cli.request import Request, options, pairs, words
from decomposer.cli.telling import note, tell
from decomposer.model.counting import counted
from decomposer.report.blocks import Block, Text

if TYPE_CHECKING:
    from rich.progress import Progress

    from decomposer.model.certificate import Certificate
    from decomposer.verifying import Wish


class Steps:
    """A progress bar on a terminal, that names what was done last; nothing in a pipe."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __enter__(self) -> Steps:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._bar.add_task("running the code", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, name: str, done: int, total: int) -> None:
        """Says what has been done, how many things have, and how many there are."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total, description=name)


def verify(request: Request) -> int:
    """Prints what holds: exit code 0 when all does, 1 when a check fails."""
    path, told = words(request, "path"), options(request)
    with Steps() as steps:
        wish = _wish(request, steps)
        if "baseline" in request:
            baseline = app.verify_baseline(told, wish, path, "force" in request)
        else:
            found = app.verify(told, wish, path, words(request, "contexts"))
    if "baseline" in request:
        seen = baseline.probe
        paths = seen.openapi.get("paths", {})
        lines = [
            f"the baseline is kept: {counted(len(paths), 'path')}, {counted(len(seen.routes), 'route')}, "
            f"{counted(len(seen.tables), 'table')}, {counted(len(seen.imports), 'module')}",
        ]
        if baseline.tests is not None:
            lines.append(f"with {counted(len(baseline.tests.outcomes), 'test')}")
        tell(lines)
        if baseline.left:
            note([f"warning: {', '.join(baseline.left)} had left already: what broke on the way counts as right in it; "
                  "record it before the first step (decompose rollback leads back there)"])  # fmt: skip
        note(f"not compared, since it differs from one start to the next: {place}" for place in baseline.excluded)
        note(f"does not import: {module} ({place}: {error})" for module, error, place in seen.imports if error)
        return 0
    _print(found, request["format"])
    return 0 if all(certificate.holds() for certificate in found) else 1


def _wish(request: Request, steps: Steps) -> Wish:
    from decomposer.verifying import Wish

    tests = tuple(folder.rstrip("/") for folder in words(request, "tests"))
    return Wish(request.get("python", ""), pairs(request, "env"), float(request["timeout"]), tests,
                "startup" in request,
                again=lambda context: len(app.extract(options(request), (context,)).change_set.changes),
                progress=steps.show, cwd=request.get("cwd", ""))  # fmt: skip


def _printable(block: Block) -> Block:
    """A printable block; the lines of a paragraph stay lines."""
    if isinstance(block, Text):
        return Text("\n".join(map(printable, block.text.split("\n"))), block.style)
    return printable_block(block)


def _print(found: list[Certificate], form: str) -> None:
    from decomposer.report.certificate import summary_blocks

    if form == "json":
        document = {"version": 1, "holds": all(c.holds() for c in found),
                    "certificates": [{**msgspec.to_builtins(c), "holds": c.holds()} for c in found]}  # fmt: skip
        tell(json.dumps(document, indent=1, ensure_ascii=False).split("\n"))
        return
    print_blocks([block for certificate in found for block in summary_blocks(certificate)], form)


def print_blocks(given: Iterable[Block], form: str) -> None:
    """Prints a report as text or Markdown."""
    blocks = list(map(_printable, given))
    if form == "markdown":
        from decomposer.report.markdown import render_markdown

        tell(render_markdown(blocks).splitlines())
    elif sys.stdout.isatty():
        from decomposer.report.terminal import print_terminal

        print_terminal(blocks)
    else:
        from decomposer.report.plain import render_plain

        tell(render_plain(blocks).splitlines())
