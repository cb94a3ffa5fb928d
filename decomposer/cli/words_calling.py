"""The words of `decompose clients`."""

from __future__ import annotations

from typing import Annotated

import typer

from decomposer.cli.shared_words import Commit, ConfigFile, DryRun, Format, Repo, ReportFormat, Rules, carry_out


def clients(
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Lead requests past the gateway to the services' settings.")
    ] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Tell who calls the API over HTTP.

    The requests of Python, JavaScript, TypeScript and curl in the repository, with the operation and the context that
    answers each.
    """
    if dry_run and not rewrite:
        raise typer.BadParameter("goes with --rewrite", param_hint="'--dry-run'")
    carry_out("clients", rewrite=rewrite, dry_run=dry_run, commit=commit, repo=repo, config=config, rules=rules,
              format=format.value)  # fmt: skip
