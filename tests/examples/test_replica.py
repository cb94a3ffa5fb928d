"""The full-size replica is what its blueprint says, and boots."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SOURCE = Path("apps/coordinator-api/src")
BLUEPRINTS = {"bootable": "bootable.json.gz", "plan": "plan-state.json.gz"}
# Modules, lines; services: files, lines; routers; services over 500 lines (sub-packages too); the largest.
FIGURES = {
    "bootable": (285, 105_630, 99, 53_537, 61, 56, "services/advanced_reinforcement_learning.py", 2_000),
    "plan": (308, 101_087, 89, 46_594, 53, 51, "services/agent_integration.py", 1_159),
}
PROBE = """
import json, warnings
warnings.simplefilter("ignore")
from app.main import app
from sqlalchemy.orm import configure_mappers
from sqlmodel import SQLModel, create_engine

def count(routes):  # newer versions of FastAPI keep an included router as one nested route
    nested = [item.original_router.routes for item in routes if hasattr(item, "original_router")]
    return len(routes) - len(nested) + sum(map(count, nested))

configure_mappers()
SQLModel.metadata.create_all(create_engine("sqlite://"))
paths = app.openapi()["paths"]
print(json.dumps([count(app.routes), len(paths), sum(map(len, paths.values()))]))
"""

Replicas = dict[str, Path]
Entry = dict[str, Any]


def run(
    *arguments: object, cwd: Path | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A Python process with the arguments given, in an environment of its own."""
    command = [sys.executable, *map(str, arguments)]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    env = inherited | dict(variables or {})
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def write(out: Path, *options: str, hash_seed: str = "0") -> Path:
    """A replica, written by the command."""
    done = run(EXAMPLES / "replica.py", out, *options, variables={"PYTHONHASHSEED": hash_seed})
    assert "" == done.stderr
    return out


@pytest.fixture(scope="session")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Replicas:
    """One replica for each state."""
    folder = tmp_path_factory.mktemp("replicas")
    return {state: write(folder / state, "--state", state) for state in FIGURES}


@pytest.fixture(scope="session", params=sorted(FIGURES))
def state(request: pytest.FixtureRequest) -> str:
    """Each state in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def pairs(replicas: Replicas, state: str) -> list[tuple[Entry, ast.Module]]:
    """(what the blueprint says, what the file that was written parses to) for every module."""
    packed = (EXAMPLES / "blueprints" / BLUEPRINTS[state]).read_bytes()
    source = replicas[state] / SOURCE
    return [
        (entry, ast.parse((source / entry["path"]).read_bytes()))
        for entry in json.loads(gzip.decompress(packed))
    ]


def lines(path: Path) -> int:
    """Physical lines."""
    return path.read_bytes().count(b"\n")


def digest(folder: Path) -> str:
    """One hash over the names and bytes of all files."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def imports(node: ast.AST, place: str = "top") -> Iterator[str]:
    """Every import below a node as the blueprint spells it, places included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield ast.unparse(child) if place == "top" else f"@{place} {ast.unparse(child)}"
        elif place == "function" or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports(child, "function")
        elif place == "try" or isinstance(child, ast.Try):
            yield from imports(child, "try")
        else:
            yield from imports(child, "if" if isinstance(child, ast.If) else place)


def outline(item: ast.AST) -> str:
    """A function as the blueprint spells it."""
    assert isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.end_lineno
    prefix = "async " if isinstance(item, ast.AsyncFunctionDef) else ""
    return f"{prefix}{item.name} {item.end_lineno - item.lineno + 1}"


def functions(node: ast.Module | ast.ClassDef) -> list[str]:
    """The functions directly below a node."""
    return [outline(item) for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    """The classes of the top level."""
    return [item for item in tree.body if isinstance(item, ast.ClassDef)]


def test_figures(replicas: Replicas, state: str) -> None:
    """The figures by which the state is known come out exactly."""
    app = replicas[state] / SOURCE / "app"
    services = {path.relative_to(app).as_posix(): lines(path) for path in app.glob("services/**/*.py")}
    direct = {path: count for path, count in services.items() if path.count("/") == 1}
    files = list(app.rglob("*.py"))
    found = (
        *(len(files), sum(map(lines, files))),
        *(len(direct), sum(direct.values())),
        len(list(app.glob("routers/*.py"))),
        sum(count > 500 for count in services.values()),
        *max(services.items(), key=lambda item: item[1]),
    )
    assert FIGURES[state] == found


@pytest.mark.proof
def test_line_counts(replicas: Replicas, state: str, pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Every file has the physical lines of its model, and ends with the last of them."""
    source = replicas[state] / SOURCE
    expected = {entry["path"]: entry["loc"] for entry, _ in pairs}
    assert expected == {path: lines(source / path) for path in expected}
    assert all((source / path).read_bytes()[-1:] in (b"", b"\n") for path in expected)


@pytest.mark.proof
def test_imports(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Every import statement is there in the same form and place, and no other; loads keep their order."""

    def loads(statements: list[str]) -> list[str]:
        return [item for item in statements if not item.startswith(("@function", "@if"))]

    for entry, tree in pairs:
        expected, found = entry.get("imports", []), list(imports(tree))
        assert sorted(expected) == sorted(found), entry["path"]
        assert loads(expected) == loads(found), entry["path"]


@pytest.mark.proof
def test_functions(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Functions have the same names, sizes and order."""
    for entry, tree in pairs:
        assert entry.get("functions", []) == functions(tree), entry["path"]


@pytest.mark.proof
def test_classes(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Classes have the same names, bases, sizes and methods."""
    for entry, tree in pairs:
        found = [
            [
                f"{cls.name}({', '.join(map(ast.unparse, cls.bases))}) {cls.end_lineno - cls.lineno + 1}",
                functions(cls),
            ]
            for cls in classes(tree)
            if cls.end_lineno
        ]
        assert [item[:2] for item in entry.get("classes", [])] == found, entry["path"]


@pytest.mark.proof
def test_tables(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Tables have the same names, foreign keys and number of relationships."""
    for entry, tree in pairs:
        for cls, (_, _, *table) in zip(classes(tree), entry.get("classes", []), strict=True):
            text = ast.unparse(cls)
            found: Entry = {
                "table": any(item.arg == "table" for item in cls.keywords),
                "foreign_keys": re.findall(r"foreign_key='([\w.]+)'", text),
                "relationships": len(re.findall(r"(?i)= relationship\(", text)),
            }
            found = {key: value for key, value in found.items() if value}
            for name in re.findall(r"__tablename__ = (\S+)", text):
                found["tablename"] = name.strip("'") if name.startswith("'") else None
            assert (table[0] if table else {}) == found, cls.name


@pytest.mark.proof
def test_routes(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Routes have the same router, method, path, handler and order."""
    for entry, tree in pairs:
        handlers = [
            item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        found = [
            f"{ast.unparse(call.func).replace('.', ' ')} {call.args[0].value!s} {item.name}"
            for item in sorted(handlers, key=lambda item: item.lineno)
            for call in item.decorator_list
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        ]
        assert entry.get("routes", []) == found, entry["path"]


@pytest.mark.proof
def test_routers(pairs: list[tuple[Entry, ast.Module]]) -> None:
    """Routers, and their inclusion in an application, have the same arguments and order."""

    def options(call: ast.Call) -> Entry:
        return {str(item.arg): ast.literal_eval(item.value) for item in call.keywords}

    for entry, tree in pairs:
        calls = [item for item in ast.walk(tree) if isinstance(item, ast.Call)]
        included = [call for call in calls if ast.unparse(call.func) == "app.include_router"]
        included.sort(key=lambda call: call.lineno)
        assert entry.get("includes", []) == [[ast.unparse(call.args[0]), options(call)] for call in included]
        made = {
            ast.unparse(item.targets[0]): options(item.value)
            for item in tree.body
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.Call)
            if ast.unparse(item.value.func) == "APIRouter"
        }
        assert entry.get("routers", {}) == made, entry["path"]


@pytest.mark.proof
def test_the_bootable_state_boots(replicas: Replicas) -> None:
    """With the stand-ins on its path the application has its routes, paths and operations, and its tables."""
    folder = replicas["bootable"]
    path = os.pathsep.join([str(folder / SOURCE), str(folder / "stubs")])
    done = run("-B", "-c", PROBE, variables={"PYTHONPATH": path})
    assert [305, 272, 295] == json.loads(done.stdout or "[]"), done.stderr


@pytest.mark.proof
def test_its_own_tests_pass(replicas: Replicas) -> None:
    """The repository's configuration is enough to run the tests that lie in it."""
    done = run("-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=replicas["bootable"])
    assert 0 == done.returncode, done.stdout
    assert "2 passed" in done.stdout


def test_heavy_optional_packages_stay_missing(replicas: Replicas) -> None:
    """A package that is only imported in a function or a `try` has no stand-in."""
    stubs = replicas["bootable"] / "stubs"
    assert {"slowapi", "numpy", "aitbc"} <= {path.name for path in stubs.iterdir()}
    assert not {"tenseal", "pycuda", "ipfshttpclient"} & {path.name for path in stubs.iterdir()}


def test_surroundings(replicas: Replicas, state: str) -> None:
    """The repository has a project file, and a unit that starts the application."""
    out = replicas[state]
    assert "uvicorn app.main:app" in (out / "systemd/coordinator-api.service").read_text("utf-8")
    assert all((out / path).is_file() for path in ("pyproject.toml", "apps/coordinator-api/pyproject.toml"))


def test_same_bytes_each_time(replicas: Replicas, state: str, tmp_path: Path) -> None:
    """Neither the run nor the hash seed shows in what is written."""
    again = write(tmp_path / "again", "--state", state, hash_seed="7")
    assert digest(replicas[state]) == digest(again)


@pytest.mark.proof
def test_copies(replicas: Replicas, tmp_path: Path) -> None:
    """A copy is a sub-package with the same files; the package itself is as without copies."""
    app = write(tmp_path / "three", "--copies", "3") / SOURCE / "app"
    original = digest(replicas["bootable"] / SOURCE / "app")
    assert [original, original] == [digest(app / "copy_2"), digest(app / "copy_3")]
    assert 3 * 285 == len(list(app.rglob("*.py")))


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """A folder that is not empty is refused, and with --force anything that is not a replica still is."""
    (tmp_path / "stubs").mkdir()
    (tmp_path / "stubs" / "notes.txt").write_text("mine", "utf-8")
    for options in ([], ["--force"]):
        assert 2 == run(EXAMPLES / "replica.py", tmp_path, *options).returncode
    assert ["stubs"] == [path.name for path in tmp_path.iterdir()]


def test_force_replaces_a_replica(replicas: Replicas, tmp_path: Path) -> None:
    """After --force nothing of the state before is left."""
    out = write(tmp_path / "out", "--state", "plan")
    assert 2 == run(EXAMPLES / "replica.py", out).returncode
    write(out, "--force")
    assert digest(replicas["bootable"]) == digest(out)
