"""What is rendered for a service is valid, and runs: it serves what its context served in the monolith."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from decomposer import app
from decomposer.report.document import is_operation
from decomposer.scaffold import TARGETS
from decomposer.scaffold.service import Inclusion, Service
from decomposer.scaffold.templates import renderer
from decomposer.shell.locate import data_folder
from tests.conftest import EXAMPLE
from tests.extraction.trees import git_apply

MONOLITH = "apps/coordinator-api"
CONTEXTS = sorted({path.stem for path in data_folder("rules").glob("*.toml")} - {"core"})


def rendered(service: Service) -> dict[str, str]:
    """Every file that is rendered, by path."""
    template = renderer(data_folder("templates"))
    return dict(render(service, template) for render in TARGETS.values())


INCLUSIONS = (
    Inclusion("app.a_b", "c", "/v1", ""),
    Inclusion("app.a.b", "c", "/v1", "settings.on"),
    Inclusion("app.a.b", "c", "/v2", ""),
    Inclusion("app", "app", "", ""),
    Inclusion("app", "health", "/{tenant}", ""),
    Inclusion("app.x", "routers.inner", "", ""),
    Inclusion("app.x", "routers.outer", "", ""),
)
CALLS = [
    "app.include_router(a_b_c, prefix='/v1')",
    "app.include_router(a_b_c_2, prefix='/v1')",
    "app.include_router(a_b_c_2, prefix='/v2')",
    "app.include_router(app_2)",
    "app.include_router(health_2, prefix='/{tenant}')",
    "app.include_router(x_routers.inner)",
    "app.include_router(x_routers.outer)",
]
REQUIREMENTS = ("fastapi>=0.115", "uvicorn[standard]; python_version<'4'")
DESCRIPTION = "what is \"ordered\" and 'paid'\n\\ and \x7f, 日本 😀"
SERVICE = Service("orders", DESCRIPTION, 8101, "app", INCLUSIONS, REQUIREMENTS, ("shared_lib",), ">=3.11")


@pytest.mark.parametrize("service", [SERVICE, Service("empty", "", 0, "shop", (), (), (), ">=3.11")])
def test_what_is_rendered_is_valid(service: Service, tmp_path: Path) -> None:
    """main.py is Python and pyproject.toml is TOML, whatever the description holds; ruff finds nothing in either."""
    for path, text in rendered(service).items():
        full = tmp_path / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text, "utf-8")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    assert (service.context, service.description) == (project["name"], project["description"])
    assert list(service.dependencies) == project["dependencies"]
    tree = ast.parse((tmp_path / "src" / service.package / "main.py").read_text("utf-8"))
    made = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    assert isinstance(made, ast.Call)
    assert service.description == ast.literal_eval({k.arg: k.value for k in made.keywords}["description"])
    ruff = [sys.executable, "-m", "ruff"]
    select = "--select=E4,E7,E9,F,B,UP,D1,RUF"
    subprocess.run([*ruff, "check", "--isolated", "--no-cache", select, "."], cwd=tmp_path, check=True)
    subprocess.run([*ruff, "format", "--isolated", "--no-cache", "--check", "."], cwd=tmp_path, check=True)


def test_every_router_has_a_name_of_its_own() -> None:
    """Two routers never share a name in main.py, nor take that of the application or of its health."""
    tree = ast.parse(rendered(SERVICE)["src/app/main.py"])
    names = [
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    names += [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    names += [node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)]
    assert len(set(names)) == len(names)
    calls = [
        ast.unparse(node.value) for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert CALLS == calls


OPERATIONS = """
import importlib.util, json, sys, warnings
warnings.simplefilter("ignore")
place = importlib.util.spec_from_file_location("service_main", sys.argv[1])
module = importlib.util.module_from_spec(place)
place.loader.exec_module(module)
paths = module.app.openapi()["paths"]
print(json.dumps(sorted([method.upper(), path] for path in paths for method in paths[path])))
"""
HEALTH = ("GET", "/health")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, app.Analysis]:
    """A copy of the example that all contexts have left, and what was known of it before."""
    root = tmp_path_factory.mktemp("services") / "example"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    analysis = app.analysis(app.Options(repo=root))
    for context in analysis.rule_set.contexts:
        git_apply(root, app.extract(app.Options(repo=root), context.name).change_set)
    return root, analysis


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_service_serves_the_operations_of_its_context(example: tuple[Path, app.Analysis], context: str) -> None:
    """main.py of a service has exactly the operations that its context had in the monolith, and its health.

    The core is not out of the monolith yet, so the service runs with the monolith's package, which finds all modules.
    """
    root, analysis = example
    operations = [route for route in analysis.graph.routes if route.entry == "app.main:app" and is_operation(route)]
    owned = {(r.method, r.path) for r in operations if analysis.assignment.context(r.source) == context}
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    env = kept | {
        "PYTHONPATH": os.pathsep.join([str(root / MONOLITH / "src"), str(root)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    main = root / "apps" / context / "src" / "app" / "main.py"
    done = subprocess.run(
        [sys.executable, "-c", OPERATIONS, str(main)], env=env, capture_output=True, text=True, check=True
    )
    assert owned
    assert sorted(owned | {HEALTH}) == [tuple(pair) for pair in json.loads(done.stdout)]


def test_rendered_services_pass_ruff(example: tuple[Path, app.Analysis]) -> None:
    """What is rendered for each context of the example is clean for ruff, the order of its imports included."""
    root, analysis = example
    for context in analysis.rule_set.contexts:
        ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--extend-select=I"]
        subprocess.run([*ruff, "src/app/main.py"], cwd=root / "apps" / context.name, check=True)
