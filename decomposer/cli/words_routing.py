"""The words of `decompose route`."""

from __future__ import annotations

from typing import Annotated

import typer

from decomposer.cli.shared_words import ChangeFormat, ConfigFile, Repo, carry_out


def route(
    context: Annotated[
        str | None, typer.Argument(help="The context to send somewhere, or whose traffic is listed.",
                                   metavar="CONTEXT")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Where its clients go, or how many of a hundred to the service.",
                                 metavar="monolith|service|PERCENT")
    ] = None,
    header: Annotated[
        str | None, typer.Option("--header", help="Only those who send this header, or a cookie of that name.",
                                 metavar="NAME=VALUE")
    ] = None,
    format: Annotated[ChangeFormat, typer.Option("--format", help="How to print it.")] = ChangeFormat.text,
    repo: Repo = None,
    config: ConfigFile = None,
) -> None:
    """Send a context's traffic to its service, or back.

    With nginx as it was rendered, from the next request on, and without a reload; alone it lists where traffic goes.
    """
    if to is not None and context is None:
        raise typer.BadParameter("needs a context", param_hint="'--to'")
    if header is not None and to is None:
        raise typer.BadParameter("needs a context and --to", param_hint="'--header'")
    carry_out("route", context=context, to=to, header=header, format=format.value, repo=repo, config=config)
