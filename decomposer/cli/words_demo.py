"""The words of `decompose demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from decomposer.cli.shared_words import carry_out


def demo(
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Work in this new folder, and leave it there as it is at the end of "
                                  "the way, before everything is taken back.", metavar="DIR")
    ] = None,
    python: Annotated[
        str | None, typer.Option("--python", help="The interpreter that has what the example needs: this one, if it "
                                 "has decomposer[demo].", metavar="PATH")
    ] = None,
) -> None:
    """Show the whole way on the bundled example.

    From the first report to a monolith that has ended, and all the way back, in a temporary folder; it takes a minute
    or two.
    """
    carry_out("demo", keep=keep, python=python)
