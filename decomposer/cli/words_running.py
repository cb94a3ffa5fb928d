"""The words of the commands that run everything on one machine: `up` and `smoke`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from decomposer.cli.shared_words import ConfigFile, Format, Repo, ReportFormat, Rules, carry_out

Python = Annotated[
    str | None, typer.Option("--python", help="The interpreter that has what the code needs.", metavar="PATH")
]
Env = Annotated[
    list[str] | None, typer.Option("--env", help="A variable that the code needs.", metavar="NAME=VALUE")
]
SearchPath = Annotated[
    list[str] | None, typer.Option("--path", help="A folder on the monolith's path.", metavar="DIR")
]
Cwd = Annotated[
    str | None, typer.Option("--cwd", help="A folder of the repository that it seems to run in.", metavar="DIR")
]
StartupTimeout = Annotated[
    float, typer.Option("--startup-timeout", help="Seconds that everything may take to answer.", min=0.1)
]


def up(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="The services to start; all that have left if none is named.",
                                         metavar="CONTEXT...")
    ] = None,
    python: Python = None,
    env: Env = None,
    path: SearchPath = None,
    cwd: Cwd = None,
    port: Annotated[
        int, typer.Option("--port", help="Where nginx listens; any free port where that is taken.", metavar="N", min=1,
                          max=65535)
    ] = 8080,
    startup_timeout: StartupTimeout = 60,
    run: Annotated[
        str | None, typer.Option("--run", help="Run this, without a shell, once everything answers, then end; its exit "
                                 "code other than 0 becomes 1. GATEWAY_URL and a <CONTEXT>_URL each tell it where all "
                                 "is.",
                                 metavar="COMMAND")
    ] = None,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Run everything on this machine for trying out.

    The monolith, the services and nginx, on loopback, until Ctrl-C; `route` in another terminal moves the traffic.
    """
    lists = {"contexts": contexts, "env": env, "path": path}
    carry_out("up", **{name: "\0".join(given) for name, given in lists.items() if given}, python=python, cwd=cwd,
              port=str(port), timeout=str(startup_timeout), run=run, repo=repo, config=config, rules=rules)  # fmt: skip


def smoke(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="The contexts to ask; everything if none is named.", metavar="CONTEXT...")
    ] = None,
    python: Python = None,
    env: Annotated[
        list[str] | None, typer.Option("--env", help="A variable that the code needs; {data} is the folder of a side's "
                                       "copies.", metavar="NAME=VALUE")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="A file or folder that the code writes to: each side gets a "
                                        "copy.", metavar="PATH")
    ] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", help="A header of every request, such as credentials.",
                                       metavar="NAME=VALUE")
    ] = None,
    examples: Annotated[
        int, typer.Option("--examples", help="Valid requests of each operation.", metavar="N", min=1)
    ] = 4,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same requests.", metavar="N")] = 1,
    max_seconds: Annotated[
        float, typer.Option("--max-seconds", help="How long one side may be asked; 0 for as long as it takes.", min=0)
    ] = 0,
    path: SearchPath = None,
    cwd: Cwd = None,
    startup_timeout: StartupTimeout = 60,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Ask the monolith and its services the same, and compare.

    Requests made from OpenAPI go to the monolith alone and, on a copy of the data, through nginx to the services:
    status, headers and body are to be equal. Exit code 1 when one is not.
    """
    lists = {"contexts": contexts, "env": env, "path": path, "header": header, "data": map(str, data or ())}
    carry_out("smoke", **{name: "\0".join(given) for name, given in lists.items() if given}, python=python, cwd=cwd,
              examples=str(examples), seed=str(seed), seconds=str(max_seconds), timeout=str(startup_timeout), repo=repo,
              config=config, rules=rules, format=format.value)  # fmt: skip
