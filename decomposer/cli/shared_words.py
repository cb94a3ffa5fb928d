"""The options that several commands have, and how a command is carried out once its words are parsed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Repo = Annotated[
    Path | None, typer.Option("--repo", help="The repository to work on, if not the one around.", metavar="DIR")
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="The configuration file.", metavar="FILE")]
Rules = Annotated[Path | None, typer.Option("--rules", help="The folder of rule files.", metavar="DIR")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read everything again and keep nothing.")]

DryRun = Annotated[
    bool, typer.Option("--dry-run", "--diff", help="Print the patch that `git apply` takes; write nothing.")
]
Commit = Annotated[bool, typer.Option("--commit", help="Commit it to git as well: moves first, then edits.")]


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


class ChangeFormat(StrEnum):
    """The formats of what is told of changes."""

    text = "text"
    json = "json"


ReaderOption = Annotated[Reader, typer.Option("--reader", help="What reads Python: ast is fast, libcst thorough.")]
Format = Annotated[ReportFormat, typer.Option("--format", help="How to print it.")]


def carry_out(command: str, **given: str | Path | bool | None) -> None:
    """Runs a command with the options given, and ends with its exit code."""
    from decomposer.cli.commands import run_request
    from decomposer.cli.guard import guarded

    request = {name: str(value) for name, value in given.items() if value is not None and value is not False}
    raise typer.Exit(guarded(lambda: run_request({"command": command, **request})))
