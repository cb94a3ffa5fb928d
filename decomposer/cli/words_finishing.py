"""The words of `decompose finish`."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from decomposer.cli.shared_words import Commit, ConfigFile, DryRun, Format, Repo, ReportFormat, Rules, carry_out
from decomposer.model.steps import STEPS


def finish(
    step: Annotated[
        str | None, typer.Argument(help=f"{', '.join(STEPS[:-1])} or {STEPS[-1]}; how each stands if none is named.",
                                   metavar="STEP")
    ] = None,
    sunset: Annotated[
        datetime.datetime | None, typer.Option("--sunset", formats=["%Y-%m-%d"], metavar="DATE",
                                               help="With announce: the day on which the monolith ends.")
    ] = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Retire the monolith, step by step.

    Headers that tell of its end; nginx, the compose file, its unit and its scrape job without it; the cut-over of every
    context that nothing loads; aliases whose day has come. Each step is a change that can be taken back.
    """
    if sunset is not None and step != "announce":
        raise typer.BadParameter("is for the step announce", param_hint="'--sunset'")
    if step is None and (dry_run or commit):
        raise typer.BadParameter("needs a step", param_hint="'--dry-run'" if dry_run else "'--commit'")
    carry_out("finish", step=step, sunset=sunset.date().isoformat() if sunset else None, dry_run=dry_run, commit=commit,
              repo=repo, config=config, rules=rules, format=format.value)  # fmt: skip
