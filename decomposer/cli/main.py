"""The command `decompose`: its options, its output and its exit codes.

Exit codes: 0 clean, 1 problems found, 2 could not run, 130 interrupted.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import decomposer

application = typer.Typer(
    name="decompose",
    help="Split a large FastAPI monolith into bounded-context services, and prove that nothing broke.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Repo = Annotated[Path, typer.Option("--repo", help="The repository to work on.", metavar="DIR")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="The configuration file.", metavar="FILE")]
Rules = Annotated[Path | None, typer.Option("--rules", help="The folder of rule files.", metavar="DIR")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read everything again and keep nothing.")]


class Reader(StrEnum):
    """The readers of Python source."""

    ast = "ast"
    libcst = "libcst"


class ReportFormat(StrEnum):
    """The formats of reports."""

    text = "text"
    json = "json"
    markdown = "markdown"


class GraphFormat(StrEnum):
    """The formats of the graph."""

    json = "json"
    dot = "dot"
    mermaid = "mermaid"


ReaderOption = Annotated[Reader, typer.Option("--reader", help="What reads Python: ast is fast, libcst thorough.")]


def main() -> None:
    """Runs the command line; turns what a user can mend into a message, and leaves bugs as tracebacks."""
    from decomposer.model.problems import DecomposerError

    try:
        application()
    except DecomposerError as error:
        for problem in error.problems:
            print(problem.render(), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # `decompose analyze | head` is no error
        sys.exit(0)


@application.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"decompose {decomposer.__version__}")
        raise typer.Exit


@application.command()
def analyze(
    repo: Repo = Path("."),
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[ReportFormat, typer.Option("--format", help="How to print the report.")] = ReportFormat.text,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Report what is in the monolith: sizes, contexts, limits, coupling, cycles, reach, and the phases."""
    from decomposer import app

    with _progress() as progress:
        document = app.analyze(app.Options(repo, config, rules, reader.value, not no_cache, progress))
    if format is ReportFormat.json:
        import json

        sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    else:
        _print_blocks(document, format)
    if any(problem["severity"] == "error" for problem in document["problems"]):
        raise typer.Exit(1)


@application.command()
def graph(
    repo: Repo = Path("."),
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[GraphFormat, typer.Option("--format", help="How to write the graph.")] = GraphFormat.json,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Write the graph of modules, with every kind of reference between them."""
    from decomposer import app

    with _progress() as progress:
        text = app.graph(app.Options(repo, config, rules, reader.value, not no_cache, progress), format.value)
    sys.stdout.write(text)


def _print_blocks(document: dict[str, object], form: ReportFormat) -> None:
    from decomposer.report.overview import overview

    blocks = overview(document)
    if form is ReportFormat.markdown:
        from decomposer.report.markdown import render_markdown

        sys.stdout.write(render_markdown(blocks))
    elif sys.stdout.isatty():
        from decomposer.report.terminal import print_terminal

        print_terminal(blocks)
    else:
        from decomposer.report.plain import render_plain

        sys.stdout.write(render_plain(blocks))


class _progress:
    """A progress bar on a terminal once there is something to wait for, nothing elsewhere."""

    def __init__(self) -> None:
        self._bar: object | None = None

    def __enter__(self):  # type: ignore[no-untyped-def]
        return self._show if sys.stderr.isatty() else None

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]

    def _show(self, done: int, total: int) -> None:
        from rich.console import Console
        from rich.progress import Progress

        if self._bar is None:
            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("reading", total=total)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=total)  # type: ignore[attr-defined]
