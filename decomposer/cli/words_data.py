"""The words of `decompose data`."""

from __future__ import annotations

from typing import Annotated

import typer

from decomposer.cli.shared_words import ConfigFile, Format, Repo, ReportFormat, Rules, carry_out


def data(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="The contexts to tell of; all if none is named.", metavar="CONTEXT...")
    ] = None,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Tell who owns each table, and what crosses.

    Foreign keys, relationships, joins, queries and raw SQL that tie the tables of two contexts, each with what it
    needs. Exit code 1 for a table that two contexts own, or nobody.
    """
    carry_out("data", contexts="\0".join(contexts) if contexts else None, repo=repo, config=config, rules=rules,
              format=format.value)  # fmt: skip
