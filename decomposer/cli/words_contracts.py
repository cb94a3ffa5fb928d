"""The words of `decompose contract`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from decomposer.cli.shared_words import Format, ReportFormat, carry_out

contract = typer.Typer(help="Compare contracts.", no_args_is_help=True, rich_markup_mode=None)


@contract.callback()
def _group() -> None:
    """Compare contracts."""


@contract.command()
def diff(
    before: Annotated[Path, typer.Argument(help="The OpenAPI document as it was.", metavar="BEFORE")],
    after: Annotated[Path, typer.Argument(help="The one that takes its place.", metavar="AFTER")],
    sdk: Annotated[bool, typer.Option("--sdk", help="Fail for what breaks generated code, too.")] = False,
    format: Format = ReportFormat.text,
) -> None:
    """Tell what a change of a contract breaks.

    Requests on the wire, and code that was generated from it, apart. Exit code 1 for what breaks the wire.
    """
    carry_out("contract", before=before, after=after, sdk=sdk, format=format.value)
