"""The words of `decompose limits`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from decomposer.cli.shared_words import ConfigFile, Format, Repo, ReportFormat, Rules, carry_out


def limits(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="The contexts to tell of; all if none is named.", metavar="CONTEXT...")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="The file of what is known, if not decompose-baseline.json.",
                                  metavar="FILE")
    ] = None,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Tell what is over its limit, and the steps that bring it below.

    Dead code, files that belong elsewhere, services that fall into several, and files that fall into modules, with the
    lines that each saves. Exit code 1 for a broken limit that the baseline does not have.
    """
    carry_out("limits", contexts="\0".join(contexts) if contexts else None, baseline=baseline, repo=repo, config=config,
              rules=rules, format=format.value)  # fmt: skip
