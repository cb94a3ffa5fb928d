"""What goes to the shared core is settled at once, however little room there is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from decomposer import app
from decomposer.changeset import ChangeSet
from tests.conftest import EXAMPLE

CONFIG = """source = "apps/coordinator-api/src"
package = "app"
entry = ["app.main:app"]

[limits]
service = {limit}
"""


@pytest.mark.parametrize("limit", [330, 386, 694])
def test_a_second_run_takes_nothing_more(tmp_path: Path, limit: int) -> None:
    """A core that is full stays as it is: what did not fit does not fit the next time either."""
    root = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    (root / "decompose.toml").write_text(CONFIG.format(limit=limit))
    options = app.Options(repo=root, cache=False)
    first = app.extract(options, ("core",))
    assert "core-full" in {problem.code for problem in first.problems}
    app.apply(options, first.change_set, "core", False)
    assert ChangeSet() == app.extract(options, ("core",)).change_set
