"""The words of `decompose suggest`."""

from __future__ import annotations

from typing import Annotated

import typer

from decomposer.cli.shared_words import Commit, ConfigFile, DryRun, Format, Repo, ReportFormat, Rules, carry_out


def suggest(
    accept: Annotated[
        str | None, typer.Option("--accept", help="Write changes into the rule files: their numbers, `all`, or a "
                                 "context to divide.", metavar="N[,N]|all|CONTEXT")
    ] = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Suggest changes to the rules that place files better.

    The fewest that are worth it, and parts of contexts that are too large; needs OR-tools (decomposer[suggest]).
    """
    if accept is None and (dry_run or commit):
        raise typer.BadParameter("needs --accept", param_hint="'--dry-run' and '--commit'")
    carry_out("suggest", accept=accept, dry_run=dry_run, commit=commit, repo=repo, config=config, rules=rules,
              format=format.value)  # fmt: skip
