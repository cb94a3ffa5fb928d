"""A workflow runs when something changes that a service is made of, as the repository's own workflows do."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from decomposer.scaffold.system import MARK, Local, System
from tests.scaffold.systems import loaded, rendered, service, system

GITHUB = """on:
  push:
    branches: [trunk]
jobs:
  test:
    runs-on: ubuntu-24.04 # the newest
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
      - uses: 'actions/setup-python@v6'
      - run: pytest
"""
GITEA = "on: push\njobs:\n  test:\n    runs-on: debian\n    steps:\n      - run: git clone x && python3 -m pytest\n"
ONE = service("orders", 8101, local=(Local("money", "libs/money/src", "shop-money", "libs/money"), Local("stubs", ".")))


def made(files: dict[str, str] | None = None) -> System:
    """A shop with one service."""
    return system([ONE], (), files)


def workflow(made: System, path: str = ".github/workflows/orders.yml") -> Any:
    """The service's workflow."""
    files, problems = rendered("ci", made, "orders")
    assert ([path], []) == (list(files), problems)
    return loaded(files[path])


def runs(job: Any) -> str:
    """All that a job runs."""
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_it_runs_when_something_changes_that_matters() -> None:
    """The service, the core, packages of the repository that it imports, or itself: pushed or proposed."""
    found = workflow(made())
    expected = ["libs/money/**", "apps/shop-core/**", "apps/orders/**", "stubs/**", ".github/workflows/orders.yml"]
    assert [expected, expected] == [found["on"]["push"]["paths"], found["on"]["pull_request"]["paths"]]


def test_it_does_everything_that_is_to_be_checked() -> None:
    """Lint, tests, boot and image, each with no more rights than it needs and an end."""
    found = workflow(made())
    test, image = found["jobs"]["test"], found["jobs"]["image"]
    assert "ruff check" in runs(test)
    assert "-e ./libs/money -e ./apps/shop-core -e ./apps/orders" in runs(test)
    assert "docker build --file apps/orders/Dockerfile" in runs(image)
    assert {"contents": "read"} == found["permissions"]
    assert found["concurrency"]["cancel-in-progress"]
    assert all(job["timeout-minutes"] <= 30 for job in found["jobs"].values())


def test_the_core_has_no_image() -> None:
    """But all else, and loads every module to see that it does."""
    found = loaded(rendered("ci", made(), "core")[0][".github/workflows/shop-core.yml"])
    assert ["test"] == list(found["jobs"])
    assert "walk_packages" in runs(found["jobs"]["test"])
    assert ["apps/shop-core/**", ".github/workflows/shop-core.yml"] == found["on"]["push"]["paths"]


def test_it_is_like_the_repositorys_own() -> None:
    """In its runner, its branches, and the very versions of actions, with what they say of them."""
    files = {".github/workflows/tests.yml": GITHUB, ".gitea/workflows/docs.yml": "jobs: {}\n"}
    found, text = workflow(made(files)), rendered("ci", made(files), "orders")[0][".github/workflows/orders.yml"]
    assert (["trunk"], "ubuntu-24.04") == (found["on"]["push"]["branches"], found["jobs"]["image"]["runs-on"])
    assert "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n" in text
    assert "actions/setup-python@v6\n" in text


def test_a_runner_that_may_have_no_actions_gets_none() -> None:
    """Where Gitea's workflows clone by themselves this one does; docker is not taken for granted."""
    found = workflow(made({".gitea/workflows/a.yml": GITEA}), ".gitea/workflows/orders.yml")
    steps = [step for job in found["jobs"].values() for step in job["steps"]]
    assert "debian" == found["jobs"]["test"]["runs-on"]
    assert [] == [step for step in steps if "uses" in step]
    assert 2 == sum("git checkout" in step["run"] for step in steps)
    assert "command -v docker" in runs(found["jobs"]["image"])
    builds = GITEA + "      - run: docker build .\n"
    found = workflow(made({".gitea/workflows/a.yml": builds}), ".gitea/workflows/orders.yml")
    assert "command -v docker" not in runs(found["jobs"]["image"])


def test_what_it_rendered_is_no_example_to_follow() -> None:
    """Workflows that were rendered before do not outnumber the repository's own."""
    mine = {f".github/workflows/{name}.yml": f"# {MARK}\non: push\n# pytest\n" for name in "abc"}
    workflow(made({".gitea/workflows/a.yml": GITEA, **mine}), ".gitea/workflows/orders.yml")


@pytest.mark.parametrize("project", [
    "[project.optional-dependencies]\ntest = ['pytest>=8', 'httpx<1', 'sphinx']\n",
    "[dependency-groups]\ndev = ['pytest>=8', {include-group = 'x'}, 'httpx<1', 'black']\n",
    "[tool.poetry.group.dev.dependencies]\npytest = '>=8'\nhttpx = '<1'\nblack = '*'\n",
    "[tool.poetry.dev-dependencies]\npytest = '>=8'\nhttpx = '<1'\n",
])  # fmt: skip
def test_tests_run_on_the_repositorys_versions(project: str) -> None:
    """Of what tests need, wherever it says so; the linter is there anyhow."""
    installed = runs(workflow(made({"pyproject.toml": project}))["jobs"]["test"])
    assert "'httpx<1' 'pytest>=8' ruff" in installed
    assert not [name for name in ("sphinx", "black") if name in installed]


@pytest.mark.parametrize(("body", "code"), [("app = {}", 1), ("class app:\n    openapi = lambda: {'paths': {}}", 0)])
def test_it_boots_the_service(body: str, code: int, tmp_path: Any) -> None:
    """The step fails unless the application is there and has its operations."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app/main.py").write_text(body)
    [step] = [step for step in workflow(made())["jobs"]["test"]["steps"] if step.get("name") == "Boot"]
    assert {"PYTHONPATH": "."} == step["env"]
    command = step["run"].replace("python ", f"{sys.executable} ", 1)
    assert code == subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True).returncode


@pytest.mark.parametrize(("paths", "codes"), [
    ('["apps/shop-api/**", "libs/**"]', ["not-started"]), ('["apps/shop-api/**", "apps/orders/**"]', []),
    ('["docs/**"]', []),
])  # fmt: skip
def test_a_workflow_of_the_monolith_that_what_has_left_does_not_start(paths: str, codes: list[str]) -> None:
    """It is told with its line and the paths to add: the monolith has modules in the service's folder now."""
    path = ".github/workflows/shop-api.yml"
    text = f"name: shop-api\non:\n  push:\n    paths: {paths}\njobs: {{}}\n"
    _, problems = rendered("ci", system([service("orders", 8101)], files={path: text}), "orders")
    assert codes == [problem.code for problem in problems]
    assert all((path, 4, "warning") == (one.path, one.line, one.severity) for one in problems)
    assert all('"apps/orders/**"' in one.hint for one in problems)
