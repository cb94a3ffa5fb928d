"""A monolith of full size whose contexts have left: it boots, and serves what it served."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import ChangeSet
from decomposer.shell.locate import data_folder
from tests.conftest import real_repositories
from tests.extraction.trees import apply_changes, git_apply, read_tree

MONOLITH = "apps/coordinator-api"
CONTEXTS = sorted({path.stem for path in data_folder("rules").glob("*.toml")} - {"core"})
FIRST = "agent-management"
OTHERS = [context for context in CONTEXTS if context != FIRST]
PROBE = """
import json, warnings
warnings.simplefilter("ignore")
from app.main import app

def walk(routes, prefix=""):  # newer versions of FastAPI keep an included router as one nested route
    for route in routes:
        nested = getattr(route, "original_router", None)
        if nested is not None:
            yield from walk(nested.routes, prefix + route.include_context.prefix)
        else:
            handler = getattr(route, "endpoint", None) or type(route.app)
            yield [prefix + route.path, sorted(getattr(route, "methods", None) or ()),
                   f"{handler.__module__}.{handler.__qualname__}"]

print(json.dumps([app.openapi(), list(walk(app.routes))], indent=0, sort_keys=True))
"""


@dataclass(frozen=True)
class Monolith:
    """A copy of a monolith that contexts are taken out of, and what has to be on the path beside it."""

    root: Path
    path: tuple[str, ...]

    def extract(self, *contexts: str) -> None:
        """Takes contexts out: each printed patch, applied with git, must give what its change set means."""
        for context in contexts:
            before = read_tree(self.root)
            found = app.extract(app.Options(repo=self.root), (context,))
            assert [] == [problem.render() for problem in found.problems if problem.severity == "error"]
            assert found.change_set.changes
            git_apply(self.root, found.change_set)
            assert apply_changes(before, found.change_set) == read_tree(self.root)

    def changes(self, context: str) -> ChangeSet:
        """What taking a context out would change now."""
        return app.extract(app.Options(repo=self.root), (context,)).change_set

    def python(self, *arguments: str, cwd: Path | None = None, path: bool = True) -> str:
        """What a Python process prints that has the monolith on its path."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
        env = kept | {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
        if path:
            env["PYTHONPATH"] = os.pathsep.join(str(self.root / folder) for folder in self.path)
        done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, text=True)
        assert 0 == done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def serves(self) -> str:
        """Its OpenAPI document, and every route in the order in which it is tried, with its handler.

        Where two schemas have one name FastAPI tells them apart by their module, which is not the contract.
        """
        return self.python("-c", PROBE).replace("coordinator_core__", "app__")


@pytest.fixture
def full_size(replica: Path, tmp_path: Path) -> Monolith:
    """A copy of the full-size replica."""
    ignored = shutil.ignore_patterns("__pycache__", ".git")
    root = Path(shutil.copytree(replica, tmp_path / "replica", ignore=ignored))
    return Monolith(root, (f"{MONOLITH}/src", "stubs", "."))


@pytest.mark.proof
def test_the_replica_serves_the_same_after_each_step(full_size: Monolith) -> None:
    """The full-size replica's API and its handlers are the same with one context gone, and with all of them."""
    served = full_size.serves()
    full_size.extract(FIRST)
    assert served == full_size.serves()
    full_size.extract(*OTHERS)
    assert served == full_size.serves()
    assert {context: ChangeSet() for context in CONTEXTS} == {c: full_size.changes(c) for c in CONTEXTS}


@pytest.mark.skipif(not real_repositories(), reason="DECOMPOSE_REAL names no folder")
@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("root", real_repositories(), ids=lambda path: path.name)
def test_patches_fit_real_applications(root: Path, context: str) -> None:
    """Git takes the patch of every context of a real application of the known layout."""
    if not (root / MONOLITH / "src").is_dir():
        pytest.skip("the bundled rules are for another layout")
    found = app.extract(app.Options(repo=root), (context,))
    assert found.change_set.changes
    git_apply(root, found.change_set, "--check")
