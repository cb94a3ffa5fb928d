"""The notes, with both services taken out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import make_git, write_files
from tests.running.notes import NOTES


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository from which the core and both contexts have left; it is copied to be changed or run."""
    root = tmp_path_factory.mktemp("notes") / "repository"
    write_files(root, NOTES)
    make_git(root)
    done = subprocess.run([sys.executable, "-m", "decomposer", "extract", "--all"], cwd=root, capture_output=True,
                          text=True)  # fmt: skip
    assert 0 == done.returncode, done.stderr
    return root
