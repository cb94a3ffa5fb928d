"""The README is true: its sessions print what it shows, its tables are what the tool says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.readme import README, commands_table, kinds_table, section, sessions


@pytest.mark.parametrize(("command", "expected"), sessions(), ids=lambda value: value.split()[1] if "$" in value else "")
def test_each_session_prints_what_the_readme_shows(command: str, expected: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A command of the README prints the lines that stand below it."""
    assert expected == run(command, Path(os.environ["DECOMPOSE_CACHE_DIR"]).parent)


def run(command: str, folder: Path) -> str:
    """What a command of the README prints on standard output and error, run beside the examples."""
    examples = folder / "examples"
    if not examples.exists():
        examples.symlink_to(ROOT / "examples")
    tool = folder / "decompose"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m decomposer "$@"\n')
    tool.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.stdout


def test_the_table_of_commands_is_the_help() -> None:
    """The table of commands says what the commands' own help says."""
    assert section("commands") == commands_table()


def test_the_table_of_rule_kinds_is_the_registry() -> None:
    """The table of rule kinds says what the registry of kinds says."""
    assert section("rule kinds") == kinds_table()


def test_the_readme_names_only_files_that_exist() -> None:
    """Paths of the project that the README names are there."""
    text = README.read_text("utf-8")
    for path in ("examples/replica.py", "docs/decisions", "tests/cases/graph", "LICENSE", "CHANGELOG.md"):
        assert (ROOT / path).exists()
    assert "examples/replica.py" in text
