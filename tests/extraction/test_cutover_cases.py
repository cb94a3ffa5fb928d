"""What leaves the monolith with a cut-over, one folder in `tests/cases/cutover` each.

`case.txt` names the contexts that are cut over and says what the case shows. All contexts of the case's rules are
extracted from `before` first. `after` is the monolith's source folder when they are cut over; where something still
loads them there is none. `problems.txt` has what a person is told. With the environment variable DECOMPOSE_UPDATE set,
`after` and `problems.txt` are written anew: look at what `git diff` says then.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import Planned
from decomposer.shell import certificates
from decomposer.shell.apply import apply_changes
from tests.extraction.test_extract_cases import EXPIRES, read_contexts
from tests.extraction.trees import Tree, git_apply, read_tree, write_tree
from tests.shell.apply.trees import snapshot

CASES = sorted(path.parent for path in (Path(__file__).parent.parent / "cases" / "cutover").glob("*/case.txt"))
SOURCE = "backend/src/"
SERVED = """
import json, sys
from app.main import app
print(json.dumps(sorted(f"{method} {path}" for path, item in app.openapi()["paths"].items() for method in item)))
"""


def told(case: Path, root: Path) -> app.Options:
    """Where a case is worked on."""
    return app.Options(repo=root, rules=case / "rules", cache=False)


def extracted(case: Path, root: Path) -> None:
    """Writes a case's repository with all its contexts extracted."""
    shutil.copytree(case / "before", root, symlinks=True)
    found = app.analysis(told(case, root))
    for context in found.rule_set.contexts:
        planned = app.extract(told(case, root), (context.name,))
        apply_changes(root, planned.change_set, f"extract {context.name}", (context.name,))


def errors(planned: Planned) -> list[str]:
    """The codes of the problems that stop a change."""
    return [problem.code for problem in planned.problems if problem.severity == "error"]


def monolith(tree: Tree) -> Tree:
    """The files of the monolith's source folder."""
    found = {path: entry for path, entry in tree.items() if path.startswith(SOURCE)}
    return {path: (mode, EXPIRES.sub(b"2099-12-31", content)) for path, (mode, content) in found.items()}


@pytest.fixture(autouse=True)
def verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every context has a certificate that holds."""
    monkeypatch.setattr(certificates, "is_current", lambda *_: True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where a case's repository is copied to."""
    return tmp_path / "copy"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_each_case_ends_as_it_is_written(case: Path, root: Path) -> None:
    """The monolith and the problems are those of the case; nothing but the monolith's files changes."""
    extracted(case, root)
    planned = app.cutover(told(case, root), tuple(read_contexts(case)))
    problems = "".join(f"{problem.render()}\n" for problem in planned.problems)
    assert all(path.startswith(SOURCE) for path in planned.change_set.paths())
    git_apply(root, planned.change_set)
    after: Tree = {} if errors(planned) else monolith(read_tree(root))
    if os.environ.get("DECOMPOSE_UPDATE"):
        write_tree(case / "after", after)
        (case / "problems.txt").write_text(problems, "utf-8")
    assert (case / "problems.txt").read_text("utf-8") == problems
    assert (read_tree(case / "after") if (case / "after").exists() else {}) == after


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_cut_over_can_be_taken_back(case: Path, root: Path) -> None:
    """A rollback by the name of a context gives every byte back, and a second run changes nothing."""
    extracted(case, root)
    names = tuple(read_contexts(case))
    planned = app.cutover(told(case, root), names)
    if errors(planned):
        return
    before = snapshot(root)
    app.apply(told(case, root), planned.change_set, "cutover", False, names)
    again = app.cutover(told(case, root), names)
    assert () == again.change_set.changes
    assert ["already-cut-over"] * len(names) == [problem.code for problem in again.problems]
    assert "cutover" == app.rollback(told(case, root), names[-1]).title
    assert before == snapshot(root)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
@pytest.mark.proof
def test_the_monolith_serves_the_rest(case: Path, root: Path) -> None:
    """It boots, and serves what it served but for what belongs to the contexts."""
    extracted(case, root)
    names = tuple(read_contexts(case))
    planned = app.cutover(told(case, root), names)
    if errors(planned):
        return
    before = _served(root)
    found = app.analysis(told(case, root))
    gone = {f"{route.method.lower()} {route.path}" for route in found.graph.routes
            if route.entry and found.assignment.context(route.source) in names}  # fmt: skip
    apply_changes(root, planned.change_set, "cutover")
    assert gone and gone <= before
    assert before - gone == _served(root)


def _served(root: Path) -> set[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root / SOURCE)}
    done = subprocess.run([sys.executable, "-c", SERVED], cwd=root, text=True, env=environment, capture_output=True)
    assert 0 == done.returncode, done.stderr
    return set(json.loads(done.stdout))
