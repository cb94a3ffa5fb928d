"""Every way in which a context leaves, one folder in `tests/cases/extract` each: a repository before and after.

`case.txt` names the contexts that leave, one after the other, and says what the case shows; `problems.txt` has what a
person is told. With the environment variable DECOMPOSE_UPDATE set, `after` and `problems.txt` are written anew: look at
what `git diff` says then.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import ChangeSet, Planned
from decomposer.report.patch import render_patch
from tests.extraction.trees import Tree, apply_changes, git_apply, read_tree, write_tree

PROBE = """
import importlib, json, sys

def outcome(name):
    try:
        module = importlib.import_module(name)
    except Exception as error:
        return type(error).__name__
    names = [name for name, value in vars(module).items() if not isinstance(value, type(sys))]
    return [sorted(name for name in names if not name.startswith("_")), module.__doc__]

print(json.dumps({name: outcome(name) for name in sys.argv[1:]}))
"""
EXPIRES = re.compile(rb"(?<=, expires )\d{4}-\d\d-\d\d$", re.MULTILINE)
CASES = sorted(path.parent for path in (Path(__file__).parent.parent / "cases" / "extract").glob("*/case.txt"))


def read_contexts(case: Path) -> list[str]:
    """The contexts that leave in a case."""
    return (case / "case.txt").read_text("utf-8").partition(":")[0].split()


def extract(root: Path, case: Path, context: str) -> Planned:
    """The extraction of a context from a copy of a case's repository."""
    return app.extract(app.Options(repo=root, rules=case / "rules", cache=False), (context,))


@dataclass(frozen=True)
class Step:
    """The extraction of one context: the tree before and after it, and all that lay on the disk when it was planned."""

    context: str
    before: Tree
    planned: Planned
    after: Tree
    disk: Tree


@cache
def walk(case: Path) -> tuple[Step, ...]:
    """The contexts of a case taken out one after the other, in a folder whose name may be mistaken for nothing."""
    steps = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        shutil.copytree(case / "before", root, symlinks=True)
        tree = read_tree(root)
        for context in read_contexts(case):
            planned = extract(root, case, context)
            after = apply_changes(tree, planned.change_set)
            steps.append(Step(context, tree, planned, after, read_tree(root.parent)))
            write_tree(root, after)
            tree = after
    return tuple(steps)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where a tree of a case is written to."""
    return tmp_path / "copy"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_each_case_ends_as_it_is_written(case: Path) -> None:
    """Applying the change sets of a case gives its `after`, byte for byte and mode for mode, and its problems."""
    steps = walk(case)
    problems = [problem for step in steps for problem in step.planned.problems]
    told = "".join(f"{problem.render()}\n".replace(f"{case}/", "") for problem in problems)
    tree = {path: (mode, EXPIRES.sub(b"2099-12-31", content)) for path, (mode, content) in steps[-1].after.items()}
    if os.environ.get("DECOMPOSE_UPDATE"):
        write_tree(case / "after", tree)
        (case / "problems.txt").write_text(told, "utf-8")
    assert read_tree(case / "after") == tree
    assert (case / "problems.txt").read_text("utf-8") == told


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_each_patch_gives_the_tree_of_its_change_set(case: Path, root: Path) -> None:
    """`git apply` of the printed patch makes the tree that the change set means, and `git apply -R` unmakes it."""
    write_tree(root, walk(case)[0].before)
    for step in walk(case):
        change_set = step.planned.change_set
        assert step.before == read_tree(root)
        git_apply(root, change_set)
        assert step.after == read_tree(root)
        if not leaves_alias(change_set):  # git cannot take back a copy of a file that is changed as well
            git_apply(root, change_set, "-R")
            assert step.before == read_tree(root)
            git_apply(root, change_set)
        assert untouched(step.before, change_set) == untouched(read_tree(root), change_set)


def leaves_alias(change_set: ChangeSet) -> bool:
    """Whether a module that moves leaves something at its old path."""
    stay = {change.path for change in change_set.changes if change.after is not None}
    return any(change.moved_from in stay for change in change_set.changes)


def untouched(tree: Tree, change_set: ChangeSet) -> Tree:
    """The part of a tree that a change set does not speak of."""
    paths = set(change_set.paths())
    return {path: entry for path, entry in tree.items() if path not in paths}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_planning_is_stable_and_done_once(case: Path, root: Path) -> None:
    """The same tree gives the same patch again, and a context that has left has nothing more to change."""
    first = walk(case)[0]
    write_tree(root, first.before)
    again = extract(root, case, first.context)
    assert render_patch(first.planned.change_set) == render_patch(again.change_set)
    assert first.planned.problems == again.problems
    for number, step in enumerate(walk(case), 1):
        write_tree(root, step.after)
        for gone in walk(case)[:number] if number == len(walk(case)) else [step]:
            left = extract(root, case, gone.context)
            assert ChangeSet() == left.change_set
            assert "already-extracted" in [problem.code for problem in left.problems]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
@pytest.mark.proof
def test_the_monolith_finds_every_module_by_its_old_name(case: Path) -> None:
    """Importing each module by the name it had gives after the extraction what it gave before."""
    assert (imports := importing(case, "before"))
    assert imports == importing(case, "after")


def importing(case: Path, state: str) -> object:
    """What comes of importing each module that the case has before, with the tree before or after on the path."""
    source = next((case / "before").glob("**/src"), case / "before")
    return outcomes(modules_below(source), case / state / source.relative_to(case / "before"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
@pytest.mark.proof
def test_each_service_imports_alone(case: Path) -> None:
    """With nothing but itself and the core on the path, a service imports each module that could be imported before."""
    source = next((case / "before").glob("**/src"), case / "before")
    fine = {name for name, found in outcomes(modules_below(source), source).items() if not isinstance(found, str)}
    services = [path for folder in ("apps", "services") for path in sorted((case / "after" / folder).glob("*/src"))]
    cores = [path for path in services if path.parent.name.endswith("-core")]
    assert services
    for service in services:
        alone = outcomes(modules_below(service), service, *cores)
        failed = {name: found for name, found in alone.items() if isinstance(found, str)}
        was_fine = {name for name in failed if {name, *core_name(name, source)} & fine}
        assert {} == {name: found for name, found in failed.items() if name in was_fine}


def core_name(name: str, source: Path) -> tuple[str, str]:
    """The names that a module of the core may have had in the monolith."""
    package, below = modules_below(source)[0].partition(".")[0], name.partition(".")[2]
    return f"{package}.{below}", f"{package}.core.{below}"


def modules_below(source: Path) -> list[str]:
    """The dotted names of a package's modules, `source` being the folder that holds it; copies have no names there."""
    package = next(path.parent for path in sorted(source.glob("*/__init__.py")))
    files = [path.relative_to(source).with_suffix("").parts for path in sorted(package.rglob("*.py"))]
    return [".".join(parts).removesuffix(".__init__") for parts in files if "_copied" not in parts]


def outcomes(names: list[str], *path: Path) -> dict[str, object]:
    """What comes of importing each of some modules with these folders on the path."""
    command = [sys.executable, "-B", "-X", "utf8", "-c", PROBE, *names]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_planning_writes_nothing(case: Path) -> None:
    """Planning changes nothing, neither in the repository nor beside it."""
    for step in walk(case):
        assert {f"copy/{path}": entry for path, entry in step.before.items()} == step.disk


@pytest.mark.proof
@pytest.mark.parametrize("case", [case for case in CASES if case.name.startswith("tests_")], ids=lambda path: path.name)
def test_tests_pass_where_they_are_now(case: Path, root: Path) -> None:
    """Those that stay in the monolith's folder, those that went along in the service's; none is lost."""
    shutil.copytree(case / "after", root)
    ends = [pytest_outcome(root / "backend", "src"), pytest_outcome(root / "apps/orders", "")]
    shutil.copytree(case / "before", root.parent / "before")
    whole = pytest_outcome(root.parent / "before/backend", "src")
    assert whole == sum(ends)
    assert all(ends)


def pytest_outcome(folder: Path, path: str) -> int:
    """How many tests pass in a project's folder; all must."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert 0 == done.returncode, done.stdout
    found = re.search(r"(\d+) passed", done.stdout)
    assert found is not None
    return int(found[1])
