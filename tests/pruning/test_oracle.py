"""Nothing that is called dead runs: of the example's tests and every route, what ran is noted function by function."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decomposer.app import Options, analysis, pruning
from decomposer.app.extracting import tree_of
from decomposer.model.dead_code import DEAD, DEGREES, LOADED, NAMED, NOTHING, SURE, TABLE, TESTS, DeadCode
from decomposer.shell import disk
from tests.conftest import EXAMPLE
from tests.pruning.executing import functions_run, run_of

SOURCE = "apps/coordinator-api/src"


def dead_code(root: Path) -> DeadCode:
    """What is found in a repository."""
    listing = disk.list_files(root)
    found = analysis(Options(repo=root, cache=False), listing)
    return pruning.find_dead_code(found, tree_of(listing, found))


PLANTED = {
    NOTHING: {"app.routers.gpu_waitlist", "app.services.certification.badge_system:withdraw",
              "app.services.legacy_pricing"},
    TESTS: {"app.storage.db:reset_db", "app.utils.checksums"},
    DEAD: {"app.services.legacy_discounts"},
    LOADED: set(),
    NAMED: {"app.utils.console"},
    TABLE: {"app.services.gpu_report"},
}  # fmt: skip
"""What is planted in the example: of each degree something. An entry point, a unit and used entries of a name table are
the reasons why others are alive."""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example."""
    shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "example"


def ran_of_dead(root: Path, dead: DeadCode, tests: str) -> dict[str, list[tuple[int, str]]]:
    """What ran of what is called dead, in all processes of the example, with its logging configured."""
    ran = functions_run(root, root.parent / "ran.json", f"{SOURCE}/app", (SOURCE, "."), tests,
                        ["app.services.adaptive_learning_app", "app.services.payment_reminders",
                         str(root / "apps/coordinator-api/logging.ini")])  # fmt: skip
    assert 100 < sum(map(len, ran.values()))
    sure = (NOTHING, DEAD) if tests else SURE
    called = [finding for finding in dead.findings if finding.degree in sure]
    kept = [finding for finding in dead.findings if finding.subject() == "app.utils.console"]
    assert run_of(kept[0], ran), "what a configuration names is loaded, which is why it is not called dead"
    return {finding.subject(): run_of(finding, ran) for finding in called if run_of(finding, ran)}


def test_what_is_planted_is_found(example: Path) -> None:
    """Each degree has what was planted for it, and nothing else."""
    found = {degree: {f.subject() for f in dead_code(example).findings if f.degree == degree} for degree in DEGREES}
    assert PLANTED == found


@pytest.mark.proof
def test_nothing_dead_of_the_example_is_served(example: Path) -> None:
    """No route runs anything that is called dead, nor does loading what units and projects start."""
    assert {} == ran_of_dead(example, dead_code(example), "")


@pytest.mark.proof
def test_nothing_dead_of_the_example_is_tested(example: Path) -> None:
    """Nor do its tests run what nothing refers to, or what only other dead code does."""
    assert {} == ran_of_dead(example, dead_code(example), "apps/coordinator-api/tests")


@pytest.mark.proof
def test_nothing_dead_of_the_replica_runs(replica: Path, tmp_path: Path) -> None:
    """Nothing that is called dead in the monolith of full size runs when each of its routes is asked."""
    ran = functions_run(replica, tmp_path / "ran.json", f"{SOURCE}/app", (SOURCE, "stubs"))
    called = [finding for finding in dead_code(replica).findings if finding.degree in SURE]
    assert called and 500 < sum(map(len, ran.values()))
    assert {} == {finding.subject(): run_of(finding, ran) for finding in called if run_of(finding, ran)}
