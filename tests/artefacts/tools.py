"""The programs that check artefacts: those of the machine, and those that `make tools` installs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "build/tools" / place for place in ("bin", "node_modules/.bin", "debian/usr/bin")]


PATH = os.pathsep.join([*map(str, PLACES), os.environ.get("PATH", "")])


def tool(name: str) -> str:
    """A program's path; skips the test where there is none, and says which."""
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not installed (make tools; see .ci/run for what the system has to have)")
    return found


def said(*command: str | Path, cwd: Path | None = None, code: int | None = 0) -> str:
    """What a program prints when it ends with an exit code (any but 0 for None)."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=cwd, timeout=120,
                          env=os.environ | {"PATH": PATH})  # fmt: skip
    assert done.returncode != 0 if code is None else done.returncode == code, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr
