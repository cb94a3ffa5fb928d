"""What was deleted as dead is left out of the comparison, as the recorded changes tell, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from decomposer.changeset import Write, build_changeset
from decomposer.model.config import Config, Home
from decomposer.model.probes import Baseline, Probe, SeenTable, Tests
from decomposer.shell.apply import apply_changes
from decomposer.shell.history import rollback_change
from decomposer.verifying.pruned import Pruned, pruned, pruned_check
from tests.conftest import write_files

CONFIG = Config("src", "app", ("app.main:app",), homes=(Home("app.services", "apps/jobs/src/app/services"),))
LEDGER = "class Ledger(SQLModel, table=True):\n    id: int\n\n\nclass Row(Base):\n    __tablename__ = 'rows'\n"
FILES = {
    "src/app/old/__init__.py": "", "src/app/old/ledger.py": LEDGER, "src/app/kept.py": "A = 1\n",
    "apps/jobs/src/app/services/gone.py": "B = 1\n", "tests/test_old.py": "C = 1\n", "tests/notes.md": "old\n",
}  # fmt: skip
BASELINE = Baseline(
    1, "", "app.main:app",
    Probe(imports=(("app.old.ledger", "", ""), ("app.kept", "", "")), tables=(SeenTable("ledger"), SeenTable("jobs")),
          tasks=("app.old.ledger.count", "app.kept.count")),
    tests=Tests(("tests",), (("tests/test_old.py::test_a", "passed"), ("tests/test_kept.py::test_a", "passed"))),
)  # fmt: skip


def delete(root: Path, title: str, *paths: str) -> str:
    """Deletes files as a recorded change."""
    contents = {path: (root / path).read_bytes() for path in paths}
    return apply_changes(root, build_changeset([Write(path, None, "test") for path in paths], dict(contents)), title)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository from which something was pruned, and something else deleted by another command."""
    write_files(tmp_path, FILES)
    delete(tmp_path, "cutover jobs", "src/app/kept.py")
    delete(tmp_path, "prune --degree tests", *(path for path in FILES if path != "src/app/kept.py"))
    return tmp_path


def test_what_was_pruned_is_read_off_the_changes(root: Path) -> None:
    """Modules wherever they lay, the tables that they had, files of tests; not what another change deleted."""
    assert Pruned(
        frozenset({"app.old", "app.old.ledger", "app.services.gone"}), frozenset({"ledger", "rows"}),
        frozenset({"tests/test_old.py"}), frozenset({"app.services"}),
    ) == pruned(root, CONFIG)  # fmt: skip


def test_a_folder_that_is_empty_then_is_no_package_any_more(tmp_path: Path) -> None:
    """One without `__init__.py` is missed by nobody; it stays while more is in it, or in a service's of its name."""
    write_files(tmp_path, {f"src/app/{name}": "" for name in ("main.py", "spare/thing.py", "full/thing.py", "full/b.py",
                                                               "away/thing.py")})  # fmt: skip
    write_files(tmp_path, {"apps/jobs/src/app/away/more.py": ""})
    delete(tmp_path, "prune x", *(f"src/app/{name}/thing.py" for name in ("spare", "full", "away")))
    found = pruned(tmp_path, CONFIG)
    assert frozenset({"app.spare"}) == found.emptied
    before = Baseline(1, "", "app.main:app", Probe(imports=(("app.spare", "", ""), ("app.full", "", ""))))
    assert (("app.full", "", ""),) == found.left_of(before).probe.imports


def test_what_is_there_again_counts(root: Path) -> None:
    """A file that somebody wrote anew, and everything after a rollback."""
    write_files(root, {"src/app/old/ledger.py": "D = 1\n"})
    assert "app.old.ledger" not in pruned(root, CONFIG).modules
    (root / "src/app/old/ledger.py").unlink()
    rollback_change(root)
    assert Pruned() == pruned(root, CONFIG)


def test_a_file_that_a_package_hid_was_no_module(root: Path) -> None:
    """The package has its name and stays what it was, wherever it lies now."""
    here, there = "src/app/fusion", "apps/jobs/src/app/fusion"
    write_files(root, {f"{here}.py": LEDGER, f"{here}/__init__.py": ""})
    delete(root, "prune src/app/fusion.py", f"{here}.py")
    known = pruned(root, CONFIG)
    assert "app.fusion" not in known.modules
    (root / there).mkdir(parents=True)
    (root / here / "__init__.py").rename(root / there / "__init__.py")
    assert known == pruned(root, CONFIG)
    (root / there / "__init__.py").unlink()
    assert "app.fusion" in pruned(root, CONFIG).modules


def test_the_rest_is_compared(root: Path) -> None:
    """The baseline loses what went, and keeps all else."""
    what = pruned(root, CONFIG)
    left = what.left_of(BASELINE)
    assert (("app.kept", "", ""),) == left.probe.imports
    assert ("app.kept.count",) == left.probe.tasks
    assert left.tests and (("tests/test_kept.py::test_a", "passed"),) == left.tests.outcomes


def test_tables_that_went_are_not_compared(root: Path) -> None:
    """Neither one that is gone, nor one that a service alone has now; of one that is defined otherwise, that counts."""
    what = pruned(root, CONFIG)
    jobs, ledger, other = SeenTable("jobs"), SeenTable("ledger"), SeenTable("ledger", (("id", "int", False, True),))

    def left(*now: SeenTable) -> list[tuple[SeenTable, ...]]:
        before, services = what.other_tables(BASELINE.probe, Probe(tables=now), {"books": Probe(tables=(other, jobs))})
        return [before.tables, services["books"].tables]

    assert [(jobs,), (jobs,)] == left(jobs)
    assert [(other, jobs), (other, jobs)] == left(jobs, other)
    assert [(ledger, jobs), (other, jobs)] == left(ledger, jobs)


def test_what_misses_it_is_told(root: Path) -> None:
    """A module that fails since one is gone, and one that is found all the same."""
    what = pruned(root, CONFIG)
    assert "holds" == pruned_check(BASELINE, Probe(), what).state
    error = ("app.main", "ModuleNotFoundError: No module named 'app.old.ledger'", "src/app/main.py:1")
    now = Probe(imports=(error,), files={"app.services.gone": "apps/x.py"})
    told = pruned_check(BASELINE, now, what)
    assert ("fails", ("app.services.gone is still there: apps/x.py", f"app.main: {error[1]} (src/app/main.py:1)")) == (
        told.state, told.evidence[:2])  # fmt: skip
