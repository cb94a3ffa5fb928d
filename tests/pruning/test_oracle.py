"""Nothing that is called dead runs: the example's own tests and every route are run, and the functions that ran noted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decomposer.app import Options, analysis, pruning
from decomposer.app.extracting import tree_of
from decomposer.model.dead_code import DEAD, NOTHING, SURE, DeadCode
from decomposer.shell import disk
from tests.conftest import EXAMPLE
from tests.pruning.executing import functions_run, run_of

SOURCE = "apps/coordinator-api/src"


def dead_code(root: Path) -> DeadCode:
    """What is found in a repository."""
    listing = disk.list_files(root)
    found = analysis(Options(repo=root, cache=False), listing)
    return pruning.find_dead_code(found, tree_of(listing, found))


def test_nothing_dead_of_the_example_runs(tmp_path: Path) -> None:
    """Neither what nothing refers to nor what only dead code does runs in its tests, its routes or its other process."""
    root = tmp_path / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    ran = functions_run(root, tmp_path / "ran.json", f"{SOURCE}/app", (SOURCE, "."), "apps/coordinator-api/tests",
                        ["app.services.adaptive_learning_app"])  # fmt: skip
    dead = dead_code(root)
    called = [finding for finding in dead.findings if finding.degree in (NOTHING, DEAD)]
    assert 100 < sum(map(len, ran.values()))
    assert {NOTHING, DEAD} == {finding.degree for finding in called}
    assert {} == {finding.subject(): run_of(finding, ran) for finding in called if run_of(finding, ran)}


@pytest.mark.proof
def test_nothing_dead_of_the_replica_runs(replica: Path, tmp_path: Path) -> None:
    """Nothing that is called dead in the monolith of full size runs when each of its routes is asked."""
    ran = functions_run(replica, tmp_path / "ran.json", f"{SOURCE}/app", (SOURCE, "."))
    called = [finding for finding in dead_code(replica).findings if finding.degree in SURE]
    assert called and 1000 < sum(map(len, ran.values()))
    assert {} == {finding.subject(): run_of(finding, ran) for finding in called if run_of(finding, ran)}
