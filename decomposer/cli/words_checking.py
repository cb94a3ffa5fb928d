"""The words of `decompose check`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from decomposer.cli.shared_words import ConfigFile, DryRun, Repo, Rules, carry_out


class CheckFormat(StrEnum):
    """The formats of what checks found."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"
    junit = "junit"
    import_linter = "import-linter"


def check(
    checks: Annotated[
        list[str] | None, typer.Argument(help="The checks to make: boundaries, limits, contract, rules, references, "
                                         "aliases; all if none is named.", metavar="CHECK...")
    ] = None,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to print it.")] = CheckFormat.text,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="The file of what is known, if not decompose-baseline.json.",
                                  metavar="FILE")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write what is found into the baseline, the first time; then only "
                           "take out what is not found any more.")
    ] = False,
    dry_run: DryRun = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Check what a pipeline must not let through.

    Imports that cross services, limits, contracts (operations, what they take and answer as far as models tell, and
    what services call of each other), rules, references and aliases, without running any code. Exit code 1 for an error
    that the baseline does not have. As import-linter, the boundaries for that to keep.
    """
    if dry_run and not update_baseline:
        raise typer.BadParameter("goes with --update-baseline", param_hint="'--dry-run'")
    carry_out("check", checks="\0".join(checks) if checks else None, format=format.value, baseline=baseline,
              update_baseline=update_baseline, dry_run=dry_run, repo=repo, config=config, rules=rules)  # fmt: skip
