"""Routes as served, one file in `tests/cases/serving` each; FastAPI itself is asked whether it agrees."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from decomposer.facts.python import read_python
from decomposer.graph.link import link
from decomposer.model.config import Config
from decomposer.model.edges import Route
from tests.cases.reading import cases, read_case
from tests.conftest import write_files

CASES = cases("serving")
ASK = """
import json, os, sys
from fastapi.testclient import TestClient

def ask():
    from app.main import app
    with TestClient(app):
        app.openapi_schema = None
        paths = app.openapi()["paths"]
    print(json.dumps(sorted(f"{method.upper()} {path}" for path, found in paths.items() for method in found)))

sys.path.insert(0, "")
for folder in sys.argv[1:]:
    child = os.fork()  # each in a process of its own, which has loaded the framework already
    if not child:
        os.chdir(folder)
        ask()
        sys.stdout.flush()
        os._exit(0)
    assert 0 == os.waitpid(child, 0)[1], folder
"""


def serve(case: Path) -> list[Route]:
    """The routes that the tool says are served, FastAPI's own left out."""
    files, _ = read_case(case, "routes")
    python = {path: read_python(text.encode()) for path, text in files.items()}
    graph, _ = link(Config("", "app", ("app.main:app",)), python, {})
    return [route for route in graph.routes if route.entry and route.module != "fastapi"]


def show(route: Route) -> str:
    """A route as a case writes it."""
    guard = f" if {route.guard}" if route.guard else ""
    return f"{route.method} {route.path} {route.module}:{route.handler}{guard}{' hidden' if route.hidden else ''}"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_each_case_serves_exactly_its_routes_in_order(case: Path) -> None:
    """The routes of a case are those written in it, in the order in which they are tried."""
    assert read_case(case, "routes")[1] == [show(route) for route in serve(case)]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The operations that FastAPI shows of each case."""
    folders = {case.stem: tmp_path_factory.mktemp(case.stem) for case in CASES}
    for case in CASES:
        write_files(folders[case.stem], read_case(case, "routes")[0])
    answer = subprocess.run([sys.executable, "-c", ASK, *map(str, folders.values())], capture_output=True, text=True)
    assert 0 == answer.returncode, answer.stderr
    return dict(zip(folders, map(json.loads, answer.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_fastapi_shows_the_same_operations(case: Path, shown: dict[str, list[str]]) -> None:
    """The operations of each case are those that FastAPI shows when the case is run."""
    told = {f"{r.method} {r.path}" for r in serve(case) if r.method != "WEBSOCKET" and not r.hidden}
    assert shown[case.stem] == sorted(told)
