"""The README is true: its sessions print what it shows, its tables are what the tool says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.readme import README, commands_table, kinds_table, run, section, sessions, targets_table


def test_each_session_that_stands_alone_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """Every command of the README but for those about the shop that is taken apart."""
    alone = [(command, expected) for command, expected in sessions() if " shop" not in command]
    assert len(alone) > 10
    for command, expected in alone:
        assert expected == run(command, tmp_path)


@pytest.mark.proof
def test_each_session_prints_what_the_readme_shows(tmp_path: Path) -> None:
    """Every command of the README, one after another, prints the lines that stand below it."""
    for command, expected in sessions():
        assert expected == run(command, tmp_path)


def test_the_table_of_commands_is_the_help() -> None:
    """The table of commands says what the commands' own help says."""
    assert section("commands") == commands_table()


def test_the_table_of_rule_kinds_is_the_registry() -> None:
    """The table of rule kinds says what the registry of kinds says."""
    assert section("rule kinds") == kinds_table()


def test_the_table_of_targets_is_the_registry() -> None:
    """The table of what is rendered says what the targets' own modules say."""
    assert section("targets") == targets_table()


def test_the_table_of_movebench_is_the_one_that_was_measured() -> None:
    """The figures of moved modules are those of the benchmark's own results, of as many cases as there are."""
    measured = (ROOT / "benchmarks/movebench/RESULTS.md").read_text("utf-8")
    assert section("movebench") in measured
    count = len(list((ROOT / "benchmarks/movebench/cases").rglob("*.txt")))
    assert f"has {count} small programs" in README.read_text("utf-8")
    assert f"| {count} / {count} |" in section("movebench")


def test_the_readme_names_only_files_that_exist() -> None:
    """Paths of the project that the README names are there."""
    text = README.read_text("utf-8")
    for path in ("examples/replica.py", "docs/decisions", "tests/cases/graph", "LICENSE", "CHANGELOG.md"):
        assert (ROOT / path).exists()
    assert "examples/replica.py" in text
