"""The contract of each service is valid OpenAPI, and a broken one is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decomposer import app
from decomposer.extracting.described import describe
from decomposer.scaffold import render
from decomposer.scaffold.system import Artefact, Contract
from decomposer.scaffold.templates import renderer
from decomposer.shell import disk
from decomposer.shell.locate import data_folder
from tests.artefacts.tools import said, tool
from tests.conftest import EXAMPLE
from tests.proof.conftest import copy_example, told

pytestmark = pytest.mark.proof
DOCUMENT = "import json\nfrom app.main import app\nprint(json.dumps(app.openapi()))"


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The contracts of the example's seven services."""
    root = copy_example(tmp_path_factory.mktemp("contracts") / "example", "")
    path = os.pathsep.join([str(EXAMPLE / "apps/coordinator-api/src"), str(EXAMPLE)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", DOCUMENT], cwd=root, env=environment, capture_output=True, check=True)
    told(root, "extract", "--all")
    options, listing = app.Options(repo=root), disk.list_files(root)
    contract = Contract(json.loads(done.stdout))
    system, _ = describe(app.tree_of(listing, app.analysis(options, listing)), (), lambda: contract)
    found = []
    for item in render(system, system.services, ["contract"], renderer(data_folder("templates"))):
        if isinstance(item, Artefact) and item.path.endswith("openapi.json"):
            (root / item.path).write_text(item.text)
            found.append(root / item.path)
    assert 7 == len(found)
    return found


def test_each_is_valid(contracts: list[Path]) -> None:
    """As the specification has it, references among it."""
    validator = tool("openapi-spec-validator")
    for path in contracts:
        assert "OK" in said(validator, path)


@pytest.mark.parametrize("mutant", ["a schema that is gone", "an operation without an answer", "no version"])
def test_a_broken_one_is_found(contracts: list[Path], mutant: str, tmp_path: Path) -> None:
    """The check can fail."""
    document: dict[str, Any] = json.loads(contracts[0].read_text())
    if mutant == "no version":
        del document["openapi"]
    elif mutant == "a schema that is gone":
        document["components"]["schemas"].clear()
    else:
        item = next(iter(document["paths"].values()))
        next(iter(item.values()))["responses"] = "none"
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    said(tool("openapi-spec-validator"), tmp_path / "openapi.json", code=None)
