"""The words of `decompose split`."""

from __future__ import annotations

from typing import Annotated

import typer

from decomposer.cli.shared_words import Commit, ConfigFile, DryRun, Format, Repo, ReportFormat, Rules, carry_out


def split(
    module: Annotated[str, typer.Argument(help="A module, by its dotted name or its path.", metavar="MODULE")],
    into: Annotated[
        int | None, typer.Option("--into", min=2, help="So many modules, the old one among them; otherwise as few as "
                                 "fit the limit.", metavar="N")
    ] = None,
    classes: Annotated[
        bool, typer.Option("--classes", help="Divide classes that keep it over the limit: groups of methods go to "
                           "bases in modules of their own.")
    ] = False,
    keep_imports: Annotated[
        bool, typer.Option("--keep-imports", help="Let others go on to import everything from the old module.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Print the proposal; write nothing.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Split a long module into cohesive ones.

    New modules beside it take what belongs together; imports follow, and the old one hands on what others ask it for.
    """
    if plan and (dry_run or commit):
        raise typer.BadParameter("is no change that could be shown or committed", param_hint="'--plan'")
    carry_out("split", module=module, into=str(into) if into else None, classes=classes, keep_imports=keep_imports,
              plan=plan, dry_run=dry_run, commit=commit, repo=repo, config=config, rules=rules,
              format=format.value)  # fmt: skip
