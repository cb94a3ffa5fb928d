"""What is rendered for a service is valid, and runs: it serves what its context served in the monolith."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import ChangeSet, composed
from decomposer.model.probes import Unresolved
from decomposer.planning.codebase import HEALTH
from decomposer.report.document import is_operation
from decomposer.shell.locate import data_folder
from tests.conftest import EXAMPLE
from tests.extraction.trees import git_apply

pytestmark = pytest.mark.proof
MONOLITH = "apps/coordinator-api"
CONTEXTS = sorted({path.stem for path in data_folder("rules").glob("*.toml")} - {"core"})


ALONE = """
import importlib, json, pkgutil, sys, warnings
warnings.simplefilter("ignore")
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    if "_copied" not in found.name.split("."):
        importlib.import_module(found.name)
application = importlib.import_module(f"{package.__name__}.main").app
paths = application.openapi()["paths"]
files = [getattr(module, "__file__", "") or "" for name, module in sys.modules.items()
         if name.partition(".")[0] in (package.__name__, "app", "coordinator_core")]
print(json.dumps([sorted([method.upper(), path] for path in paths for method in paths[path]), files]))
"""
OWN = """source = "apps/coordinator-api/src"
package = "app"
entry = ["app.main:app"]

[service]
package = "{context}"
"""


@pytest.fixture(scope="module", params=["", OWN], ids=["app", "own package"])
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, app.Analysis]:
    """A copy of the example that the core and all contexts have left, and what was known of it before."""
    root = tmp_path_factory.mktemp("services") / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    if request.param:
        (root / "decompose.toml").write_text(request.param)
    analysis = app.analysis(app.Options(repo=root))
    names = ("core", *(context.name for context in analysis.rule_set.contexts))
    for _, planned in app.extract_steps(app.Options(repo=root), names):
        assert [] == [problem.render() for problem in planned.problems if problem.severity == "error"]
        git_apply(root, planned.change_set)
    return root, analysis


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_service_runs_alone(example: tuple[Path, app.Analysis], context: str) -> None:
    """With nothing but itself and the core on the path, all its modules load, and it serves what its context served."""
    root, analysis = example
    operations = [route for route in analysis.graph.routes if route.entry == "app.main:app" and is_operation(route)]
    owned = {(r.method, r.path) for r in operations if analysis.assignment.context(r.source) == context}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    service = root / "apps" / context
    local = root.parent / f"local-{context}"
    local.mkdir()
    (local / "shared_lib").symlink_to(root / "shared_lib")
    path = [service / "src", root / "apps/coordinator-core/src", local]
    env = kept | {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", ALONE, analysis.config.package_of(context)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=service)
    assert 0 == done.returncode, done.stderr[-2000:]
    served, files = json.loads(done.stdout.splitlines()[-1])
    assert owned
    assert owned == {(method, path) for method, path in served if path not in HEALTH}
    assert {path for _, path in served} & HEALTH
    assert [] == [file for file in files if MONOLITH in file]


def test_rendering_again_changes_nothing(example: tuple[Path, app.Analysis]) -> None:
    """What the steps have rendered is what would be rendered of the tree that they leave."""
    planned = app.scaffold(app.Options(repo=example[0]), "all", None)
    assert () == planned.change_set.paths()


def test_all_at_once_are_what_the_steps_make(tmp_path: Path) -> None:
    """One patch for everything, in which what services share is rendered once, leaves what step after step leaves."""
    root = Path(shutil.copytree(EXAMPLE, tmp_path / "example", ignore=shutil.ignore_patterns("__pycache__")))
    options, names = app.Options(repo=root), ("core", *CONTEXTS)
    whole = ChangeSet()
    for _, planned in app.extract_steps(options, names):
        whole = composed(whole, planned.change_set)
    assert any(path.endswith("-locations.inc") for path in whole.paths())
    assert whole == app.extract(options, names).change_set
    git_apply(root, app.extract(options, names[:-1]).change_set)
    again = app.extract(options, (names[-1], names[1])).change_set  # the last one named has left already
    assert [change.after for change in whole.changes if change.path.endswith("-locations.inc")] == [
        change.after for change in again.changes if change.path.endswith("-locations.inc")]  # fmt: skip


def test_what_is_left_is_as_well_linked_as_before(example: tuple[Path, app.Analysis]) -> None:
    """No reference is broken that was not, and the core is under the limit."""
    root, before = example
    after = app.analysis(app.Options(repo=root))
    core = sum(node.lines for node in after.graph.nodes if node.name.startswith("coordinator_core"))
    assert 0 < core < after.config.limits.service
    broken, now = (
        {Unresolved(e.path, e.line, e.kind, e.names, e.reason).key() for e in found.graph.edges if not e.target}
        for found in (before, after)
    )
    assert broken
    assert now <= broken
