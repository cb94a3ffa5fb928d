"""The words of `decompose prune`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from decomposer.cli.shared_words import Commit, ConfigFile, Format, Repo, ReportFormat, Rules, carry_out


class Degree(StrEnum):
    """The degrees at which something is called dead."""

    nothing = "nothing"
    tests = "tests"
    dead_code = "dead-code"


def prune(
    subjects: Annotated[
        list[str] | None, typer.Argument(help="A module, a path, or MODULE:NAME; what dead code uses it goes along.",
                                         metavar="SUBJECT...")
    ] = None,
    degree: Annotated[
        Degree | None, typer.Option("--degree", help="All that is at least as sure: `nothing` refers to it, only "
                                    "`tests` do, or only other `dead-code`.")
    ] = None,
    tests: Annotated[bool, typer.Option("--tests", help="Take tests along that test nothing else.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--diff", help="Print the patch, and note in .decompose that it was shown: "
                           "only what was shown last is deleted.")
    ] = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """List dead code, and take it out.

    By how sure it is, with the evidence; what a string or a configuration names stays. Needs --dry-run first.
    """
    if not subjects and degree is None and (tests or dry_run or commit):
        given = "--dry-run" if dry_run else "--commit" if commit else "--tests"
        raise typer.BadParameter("nothing is said to go: name a SUBJECT, or all of a --degree", param_hint=f"'{given}'")
    carry_out("prune", subjects="\0".join(subjects or ()) or None, degree=degree.value if degree else None, tests=tests,
              dry_run=dry_run, commit=commit, repo=repo, config=config, rules=rules, format=format.value)  # fmt: skip
