"""Fills the README's generated parts: `python -m tests.docs.readme`; the tests check that they are up to date."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

README = ROOT / "README.md"
_SESSION = re.compile(r"^```console\n\$ (.*)\n((?:.*\n)*?)```$", re.MULTILINE)


def sessions() -> list[tuple[str, str]]:
    """Each command of the README's sessions and what it shows below it."""
    return [(match[1], match[2]) for match in _SESSION.finditer(README.read_text("utf-8"))]


def run(command: str, folder: Path) -> str:
    """What a command of the README prints on standard output and error, run beside the examples."""
    examples = folder / "examples"
    if not examples.exists():
        examples.symlink_to(ROOT / "examples")
    tool = folder / "decompose"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m decomposer "$@"\n')
    tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    environment["DECOMPOSE_CACHE_DIR"] = str(folder / "cache")
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    told = re.sub(r"\b(\d{4})-[0-9a-f]{6}\b", r"\1-1d5e7a", done.stdout)  # ids of changes differ each time, as times do
    return re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-25T09:30:00Z", told)


def section(name: str) -> str:
    """The text between a marker comment and its end."""
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", README.read_text("utf-8"), re.DOTALL)
    assert match, name
    return match[1]


def commands_table() -> str:
    """The commands with the first line of their help."""
    import typer

    from decomposer.cli.words import application

    rows = []
    for name, command in every_command(typer.main.get_group(application)).items():
        options = [p.opts[0] for p in command.params if p.param_type_name == "option" and p.opts[0] not in COMMON]
        arguments = [p.make_metavar(None) for p in command.params if p.param_type_name == "argument"]
        words = " ".join(["decompose", name, *arguments])
        told = " ".join((command.help or "").split())
        shown = " ".join(f"`{option}`" for option in options)
        rows.append(
            f"| `{words}` | {told} | {shown} |".replace("PATH|MODULE|ROUTE|TABLE", "PATH\\|MODULE\\|ROUTE\\|TABLE")
            .replace("CONTEXT|CHANGE", "CONTEXT\\|CHANGE").replace("TABLE|CONTEXT", "TABLE\\|CONTEXT")
        )
    return "\n".join(["| command | what it does | options of its own |", "|---|---|---|", *rows, ""])


def every_command(group: Any, before: str = "") -> dict[str, Any]:
    """The commands by their words, those of groups too."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found |= every_command(command, f"{before}{name} ") if inner else {f"{before}{name}": command}
    return found


COMMON = ("--repo", "--config", "--rules", "--help")


def kinds_table() -> str:
    """The kinds of rules with their default precedence."""
    from decomposer.rules import KINDS

    rows = [f"| `{name}` | {kind.precedence} | {kind.description} |" for name, kind in KINDS.items()]
    return "\n".join(["| kind | precedence | matches |", "|---|---|---|", *rows, ""])


def targets_table() -> str:
    """What is rendered for a service, by the name of its target."""
    from decomposer.scaffold import TARGETS

    told = {name: " ".join((sys.modules[render.__module__].__doc__ or "").split("\n\n")[0].split())
            for name, render in sorted(TARGETS.items())}  # fmt: skip
    rows = [f"| `{name}` | {text} |" for name, text in told.items()]
    return "\n".join(["| target | what is rendered |", "|---|---|", *rows, ""])


def fill() -> None:
    """Writes the README anew with what the tool says now."""
    text = README.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        text = _SESSION.sub(lambda m: f"```console\n$ {m[1]}\n{run(m[1], Path(folder))}```", text)
    for name, table in (("commands", commands_table()), ("rule kinds", kinds_table()), ("targets", targets_table())):
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{before}<!-- {name} -->\n{table}<!-- end -->{rest.partition('<!-- end -->')[2]}"
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    fill()
