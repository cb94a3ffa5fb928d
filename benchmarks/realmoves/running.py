"""What an application does in its own interpreter: how it boots, what imports, how its tests end."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

INSIDE = Path(__file__).parent / "inside"
WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python with the application's libraries: `path` are the folders to import from, relative to the tree."""

    python: str
    path: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    tests: tuple[str, ...]
    pytest: tuple[str, ...]

    def boot(self, root: Path, entry: str, modules: Sequence[str], fresh: Sequence[str]) -> dict[str, Any]:
        """What `inside/boot.py` finds out in a tree."""
        with tempfile.TemporaryDirectory(prefix="realmoves-") as place:
            job, result = Path(place, "job.json"), Path(place, "result.json")
            job.write_text(json.dumps({"entry": entry, "modules": modules, "fresh": fresh}))
            told = self._run(root, place, str(INSIDE / "boot.py"), str(job), str(result))
            if result.exists():
                return dict(json.loads(result.read_text()))
            return {"fresh": {}, "imports": {}, "served": {"error": f"it ended without a word: {told[-500:]}"}}

    def test(self, root: Path) -> dict[str, str]:
        """The outcome of each test of the application's own."""
        if not self.tests:
            return {}
        with tempfile.TemporaryDirectory(prefix="realmoves-") as place:
            result = Path(place, "outcomes.json")
            options = ("--tb=no", "--continue-on-collection-errors", "-pno:cacheprovider", "-prealmoves_outcomes")
            told = self._run(
                root, place, "-m", "pytest", *options, *self.pytest, *self.tests, REALMOVES_OUTCOMES=str(result)
            )
            return dict(json.loads(result.read_text())) if result.exists() else {"pytest": f"error: {told[-500:]}"}

    def _run(self, root: Path, place: str, *arguments: str, **more: str) -> str:
        """Runs it in the tree, with no network where that can be had; what it has said in the end."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DECOMPOSE"))}
        path = os.pathsep.join([*(str(root / folder) for folder in self.path), str(INSIDE)])
        environment = kept | {"PYTHONPATH": path, "PYTHONHASHSEED": "0", "HOME": place}
        environment["PYTHONPYCACHEPREFIX"] = str(root.parent / "compiled")  # beside the tree, for the next one as well
        environment |= {name: value.replace("{tmp}", place) for name, value in self.variables} | more
        try:
            done = subprocess.run(
                [*_wrapper(), self.python, *arguments], cwd=root, env=environment, timeout=SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"it took more than {SECONDS} seconds"
        return done.stdout


@cache
def _wrapper() -> tuple[str, ...]:
    try:
        works = subprocess.run([*WITHOUT_NETWORK, "true"], capture_output=True).returncode == 0
    except OSError:
        works = False
    return WITHOUT_NETWORK if works else ()


def stable(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """What two runs of the same agree about."""
    return {name: value for name, value in first.items() if second.get(name) == value}
