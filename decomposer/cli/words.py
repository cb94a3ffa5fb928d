"""The words of the command `decompose`: its commands, their options and their help.

Exit codes: 0 clean, 1 problems found, 2 could not run, 130 interrupted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import decomposer
from decomposer.cli.shared_words import (
    ChangeFormat,
    Commit,
    ConfigFile,
    DryRun,
    Format,
    GraphFormat,
    NoCache,
    Reader,
    ReaderOption,
    Repo,
    ReportFormat,
    Rules,
)
from decomposer.cli.shared_words import carry_out as _run
from decomposer.cli.words_calling import clients
from decomposer.cli.words_checking import check
from decomposer.cli.words_contracts import contract
from decomposer.cli.words_data import data
from decomposer.cli.words_demo import demo
from decomposer.cli.words_finishing import finish
from decomposer.cli.words_fitting import limits
from decomposer.cli.words_pruning import prune
from decomposer.cli.words_routing import route
from decomposer.cli.words_running import smoke, up
from decomposer.cli.words_splitting import split
from decomposer.cli.words_suggesting import suggest

application = typer.Typer(
    name="decompose",
    help="Split a large FastAPI monolith into bounded-context services, and prove that nothing broke.",
    epilog="Exit codes: 0 clean, 1 problems found, 2 could not run, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

def run() -> int:
    """Parses the words of the command line and runs the command; it ends with a SystemExit that has the code."""
    application()
    return 0


@application.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"decompose {decomposer.__version__}")
        raise typer.Exit


@application.command()
def analyze(
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
    against: Annotated[
        Path | None, typer.Option("--against", help="A placement to compare with, TOML or JSON: path = context.",
                                  metavar="FILE")
    ] = None,
    since: Annotated[
        list[Path] | None, typer.Option("--since", help="An earlier --format json, to show the quality figures over "
                                        "time; may be given again.", metavar="FILE")
    ] = None,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Report what is in the monolith.

    Sizes, contexts, limits, coupling, quality, tables, reach, cycles, unresolved references, and the phases.
    """
    _run("analyze", repo=repo, config=config, rules=rules, format=format.value, against=against,
         since="\0".join(map(str, since or ())) or None, reader=reader.value, no_cache=no_cache)  # fmt: skip


@application.command()
def graph(
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Annotated[GraphFormat, typer.Option("--format", help="How to write it.")] = GraphFormat.json,
    reader: ReaderOption = Reader.ast,
    no_cache: NoCache = False,
) -> None:
    """Write the graph of modules.

    With every kind of reference between them, the routes as served, and the tables.
    """
    _run("graph", repo=repo, config=config, rules=rules, format=format.value, reader=reader.value, no_cache=no_cache)


@application.command()
def explain(
    subject: Annotated[
        str,
        typer.Argument(help="A path, a module, a route, a table or a context.",
                       metavar="PATH|MODULE|ROUTE|TABLE|CONTEXT"),
    ],
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Tell who owns something, and why.

    By which rule or on what evidence, and every edge in and out by context; of a context, how what it needs of others
    is settled, and what of it could be called over HTTP.
    """
    _run("explain", subject=subject, repo=repo, config=config, rules=rules, format=format.value)


@application.command()
def status(
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Tell how far each context has come, and what is next.

    Planned, extracted, verified or cut over; what moved, what is left, what its certificate is worth.
    """
    _run("status", repo=repo, config=config, rules=rules, format=format.value)


@application.command()
def extract(
    context: Annotated[
        str | None, typer.Argument(help="What to take out: `core`, or a context such as agent-management.",
                                   metavar="CONTEXT")
    ] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="The core, then every context, phase by phase.")] = False,
    phase: Annotated[
        int | None, typer.Option("--phase", help="Every context of a phase; 1 is the core's.", metavar="N")
    ] = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Take a context out of the monolith.

    Move its files, repair what names them, render its service; with as much of the shared core as it needs.
    """
    if (context is not None) + all_of_them + (phase is not None) != 1:
        raise typer.BadParameter("give one of: a context, --phase or --all", param_hint="'CONTEXT'")
    wanted = "*" if all_of_them else f"phase {phase}" if phase is not None else context
    _run("extract", context=wanted, dry_run=dry_run, commit=commit, repo=repo, config=config, rules=rules)


@application.command()
def scaffold(
    target: Annotated[
        str, typer.Argument(help="What to render: nginx, pyproject, workspace, systemd, compose, dockerfile, "
                                 "prometheus, ci, contract, migrations, docs, tests; or `all`.", metavar="TARGET")
    ],
    context: Annotated[
        str | None, typer.Argument(help="A context, or `core`; every service if none is named.", metavar="CONTEXT")
    ] = None,
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Render what services need besides their code.

    As `extract` does it: projects, units, nginx, compose, images, metrics, workflows, contracts, migrations and
    documentation.
    """
    _run("scaffold", target=target, context=context, dry_run=dry_run, commit=commit, repo=repo, config=config,
         rules=rules)  # fmt: skip


@application.command()
def cutover(
    contexts: Annotated[
        list[str], typer.Argument(help="The contexts to take out of the monolith; those named together may need each "
                                       "other.", metavar="CONTEXT...")
    ],
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
) -> None:
    """Take extracted contexts out of the monolith for good.

    When nothing there loads them any more; what still does is listed. Needs a current certificate.
    """
    _run("cutover", contexts="\0".join(contexts), dry_run=dry_run, commit=commit, repo=repo, config=config,
         rules=rules)  # fmt: skip


@application.command()
def move(
    words: Annotated[
        list[str], typer.Argument(help="Modules, packages or paths, each with its new name.", metavar="OLD NEW...")
    ],
    dry_run: DryRun = False,
    commit: Commit = False,
    no_alias: Annotated[bool, typer.Option("--no-alias", help="Leave no alias at the old names.")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend imports that were broken before, too.")
    ] = False,
    repo: Repo = None,
    config: ConfigFile = None,
) -> None:
    """Give modules other names.

    Move their files, and respell every reference to them; an alias is left at each old name.
    """
    if len(words) % 2:
        raise typer.BadParameter(f"`{words[-1]}` has no new name beside it", param_hint="'OLD NEW...'")
    _run("move", words="\0".join(words), dry_run=dry_run, commit=commit, no_alias=no_alias, repair=repair,
         repo=repo, config=config)  # fmt: skip


@application.command()
def repair(
    dry_run: DryRun = False,
    commit: Commit = False,
    repo: Repo = None,
    config: ConfigFile = None,
) -> None:
    """Mend broken imports whose meaning is evident.

    A module of the same name elsewhere, or a wrong number of dots; guesses are left to you.
    """
    _run("repair", dry_run=dry_run, commit=commit, repo=repo, config=config)


@application.command()
def verify(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="The contexts to certify; all that have left if none is named.",
                                         metavar="CONTEXT...")
    ] = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Record the monolith as it is now.")] = False,
    python: Annotated[
        str | None, typer.Option("--python", help="The interpreter that has what the code needs.", metavar="PATH")
    ] = None,
    env: Annotated[
        list[str] | None, typer.Option("--env", help="A variable that the code needs.", metavar="NAME=VALUE")
    ] = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="A folder on the monolith's path.", metavar="DIR")
    ] = None,
    cwd: Annotated[
        str | None, typer.Option("--cwd", help="A folder of the repository that it seems to run in.", metavar="DIR")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", help="Seconds that one process may take (tests ten times that).", min=0.1)
    ] = 120,
    tests: Annotated[
        list[str] | None, typer.Option("--tests", help="A folder of tests to record.", metavar="DIR")
    ] = None,
    startup: Annotated[
        bool, typer.Option("--startup", help="With --baseline: start the lifespan too, here and later.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --baseline: record it anew though contexts have left since.")
    ] = False,
    repo: Repo = None,
    config: ConfigFile = None,
    rules: Rules = None,
    format: Format = ReportFormat.text,
) -> None:
    """Prove that nothing broke.

    Runs the code, in processes of its own, and writes a certificate for each context. Exit code 1 when a check fails.
    """
    lists = {"contexts": contexts, "env": env, "path": path, "tests": tests}
    _run("verify", **{name: "\0".join(given) for name, given in lists.items() if given}, baseline=baseline,
         python=python, timeout=str(timeout), cwd=cwd, startup=startup, force=force, repo=repo, config=config,
         rules=rules, format=format.value)  # fmt: skip


application.command()(prune)
application.command()(suggest)
application.command()(split)
application.command()(limits)
application.command()(check)
application.command()(clients)
application.command()(data)
application.add_typer(contract, name="contract")
application.command()(up)
application.command()(route)
application.command()(smoke)
application.command()(finish)
application.command()(demo)


@application.command()
def rollback(
    change: Annotated[
        str | None,
        typer.Argument(help="A context, whose last change is meant, or a change's id or how it begins; the last change "
                            "if none is named.", metavar="CONTEXT|CHANGE"),
    ] = None,
    list: Annotated[bool, typer.Option("--list", help="Show all changes; take none back.")] = False,
    format: Annotated[ChangeFormat, typer.Option("--format", help="How to print it.")] = ChangeFormat.text,
    repo: Repo = None,
) -> None:
    """Take a change back, byte for byte: a context's last one, or any by its id.

    Refused where a file was edited since; what has to be taken back first is said. A rollback is a change too.
    """  # fmt: skip
    _run("rollback", change=change, list=list, format=format.value, repo=repo)


@application.command()
def init(
    repo: Repo = None,
    source: Annotated[
        Path | None, typer.Option("--source", help="The folder that holds the package.", metavar="DIR")
    ] = None,
    package: Annotated[str | None, typer.Option("--package", help="The monolith's package.", metavar="NAME")] = None,
    entry: Annotated[str | None, typer.Option("--entry", help="The application.", metavar="MODULE:ATTR")] = None,
    rules: Annotated[
        str, typer.Option("--rules", help="Where to put the rule files.", metavar="DIR")
    ] = "decompose-rules",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    dry_run: DryRun = False,
    commit: Commit = False,
) -> None:
    """Write a first configuration.

    decompose.toml, and a starting rule file for each group of routers found.
    """
    _run("init", repo=repo, source=source, package=package, entry=entry, folder=rules, force=force,
         dry_run=dry_run, commit=commit)  # fmt: skip
