"""Projects are what the standard and Poetry have schemas for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.artefacts.tools import said, tool
from tests.scaffold.systems import rendered, system
from tests.scaffold.test_pyproject import HARD
from tests.scaffold.test_workspace import PEP621, POETRY, UV, made

pytestmark = pytest.mark.proof
MUTANTS = {
    "name": ('name = "orders"', 'name = "orders!"'),
    "version": ('version = "0.1.0"', 'version = "first"'),
    "dependency": ('"fastapi>=0.115"', '"fastapi>=>0.115"'),
    "python": ('">=3.11"', '"3.11 or newer"'),
    "table": ("[project]", "[project]\nrequires = []"),
}


def validate(folder: Path, text: str, *, code: int | None = 0) -> str:
    """What validate-pyproject says."""
    (folder / "pyproject.toml").write_text(text)
    return said(tool("validate-pyproject"), "pyproject.toml", cwd=folder, code=code)


def service_project() -> str:
    """The project of a service with everything in it."""
    return rendered("pyproject", system([HARD]))[0]["apps/orders/pyproject.toml"]


def test_a_services_project_is_valid(tmp_path: Path) -> None:
    """Whatever its description holds."""
    assert "Valid" in validate(tmp_path, service_project())


@pytest.mark.parametrize("text", [POETRY, UV, PEP621])
def test_the_roots_project_is_valid(text: str, tmp_path: Path) -> None:
    """In every dialect."""
    whole = text.replace('name = "shop"\nrequires', 'name = "shop"\nversion = "1"\nrequires')
    assert "Valid" in validate(tmp_path, rendered("workspace", made(whole))[0]["pyproject.toml"])


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """It is refused."""
    before, after = MUTANTS[mutant]
    assert before in service_project()
    assert validate(tmp_path, service_project().replace(before, after), code=None)
