"""The command `decompose`: its options, its output and its exit codes.

Exit codes: 0 clean, 1 problems found, 2 could not run, 130 interrupted.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import decomposer

if TYPE_CHECKING:
    from decomposer.app import Answer
    from decomposer.report.blocks import Block

application = typer.Typer(
    name="decompose",
    help="Split a large FastAPI monolith into bounded-context services, and prove that nothing broke.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Repo = Annotated[
    Path | None, typer.Option("--repo", help="The repository to work on, if not the one around.", metavar="DIR")
]
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


def run() -> None:
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
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[ReportFormat, typer.Option("--format", help="How to print the report.")] = ReportFormat.text,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Report what is in the monolith: sizes, contexts, limits, coupling, cycles, reach, and the phases."""
    from decomposer import app

    with _progress() as progress:
        answer = app.analyze(app.Options(repo, config, rules, reader.value, not no_cache, progress))
    code = 1 if any(problem["severity"] == "error" for problem in answer.value["problems"]) else 0
    if format is ReportFormat.json:
        from decomposer.report.document import dump

        _print(dump(answer.value), answer, code)
    else:
        from decomposer.report.overview import overview

        _print_blocks(overview(answer.value), answer, format, code)
    raise typer.Exit(code)


@application.command()
def graph(
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[GraphFormat, typer.Option("--format", help="How to write the graph.")] = GraphFormat.json,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Write the graph of modules, with every kind of reference between them."""
    from decomposer import app

    with _progress() as progress:
        answer = app.graph(app.Options(repo, config, rules, reader.value, not no_cache, progress), format.value)
    _print(answer.value, answer, 0)


@application.command()
def explain(
    subject: Annotated[
        str, typer.Argument(help="A path, a module, a route or a table.", metavar="PATH|MODULE|ROUTE|TABLE")
    ],
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[ReportFormat, typer.Option("--format", help="How to print it.")] = ReportFormat.text,
) -> None:
    """Tell who owns something, by which rule or on what evidence, and every edge in and out by context."""
    from decomposer import app

    with _progress() as progress:
        answer = app.explain(app.Options(repo, config, rules, progress=progress), subject)
    if format is ReportFormat.json:
        from decomposer.report.document import dump

        _print(dump(answer.value), answer, 0)
    else:
        from decomposer.report.explanation import explanation_blocks

        _print_blocks(explanation_blocks(answer.value), answer, format, 0)


@application.command()
def extract(
    context: Annotated[str, typer.Argument(help="The context to take out, such as agent-management.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the patch that `git apply` takes; write nothing.")
    ] = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Take a context out of the monolith: move its files, repair what names them, render its service."""
    from decomposer import app
    from decomposer.report.patch import render_patch

    if not dry_run:
        print(
            "extract can only print its patch so far: add --dry-run, and apply it with `git apply`",
            file=sys.stderr,
        )
        raise typer.Exit(2)
    with _progress() as progress:
        found = app.extract(app.Options(repo, config, rules, progress=progress), context)
    sys.stdout.buffer.write(render_patch(found.change_set))
    sys.stdout.buffer.flush()
    for problem in found.problems:
        print(problem.render(), file=sys.stderr)
    for line in found.summary:
        print(line, file=sys.stderr)
    raise typer.Exit(1 if any(problem.severity == "error" for problem in found.problems) else 0)


@application.command()
def init(
    repo: Repo = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The folder that holds the package.", metavar="DIR")
    ] = None,
    package: Annotated[str | None, typer.Option("--package", help="The monolith's package.", metavar="NAME")] = None,
    entry: Annotated[str | None, typer.Option("--entry", help="The application.", metavar="MODULE:ATTR")] = None,
    rules: Annotated[
        str, typer.Option("--rules", help="Where to put the rule files.", metavar="DIR")
    ] = "decompose-rules",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write decompose.toml and a starting rule file for each group of routers found."""
    from decomposer import app

    for path in app.init(app.Options(repo), source, package, entry, rules, force):
        print(f"wrote {path}")
    print("next: decompose analyze")


def _print(text: str, answer: Answer, code: int) -> None:
    """Prints, and keeps what was printed for when the same is asked of an unchanged repository."""
    from decomposer.shell.replay import keep

    sys.stdout.write(text)
    keep(sys.argv[1:], answer.root, answer.listed, code, text)


def _print_blocks(blocks: list[Block], answer: Answer, form: ReportFormat, code: int) -> None:
    if form is ReportFormat.markdown:
        from decomposer.report.markdown import render_markdown

        _print(render_markdown(blocks), answer, code)
    elif sys.stdout.isatty():
        from decomposer.report.terminal import print_terminal

        print_terminal(blocks)
    else:
        from decomposer.report.plain import render_plain

        _print(render_plain(blocks), answer, code)


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
