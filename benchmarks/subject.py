"""The tree that is measured: a replica, or a copy of a folder, never the folder itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measuring import Failure

ROOT = Path(__file__).parent.parent
DECOMPOSE = (sys.executable, "-m", "decomposer")
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache")


@dataclass(slots=True)
class Subject:
    """A tree, its package, the Python files that analyze reads in it, and the one that is changed."""

    root: Path
    source: Path
    package: str
    files: list[Path]
    lines: int
    changed: Path
    _before: bytes = field(default=b"", repr=False)
    _changes: int = 0

    def change(self) -> None:
        """Appends a function to one file, a new one each time so that no cache can know the content."""
        self._before = self.changed.read_bytes()
        self._changes += 1
        self.changed.write_bytes(self._before + b"\n\ndef added_%d():\n    return None\n" % self._changes)

    def restore(self) -> None:
        """Puts the file back."""
        self.changed.write_bytes(self._before)


def write_replica(out: Path, copies: int) -> None:
    """Writes the replica, with so many copies of the package."""
    script = ROOT / "examples" / "replica.py"
    subprocess.run(
        [sys.executable, str(script), str(out), "--copies", str(copies)], check=True, stdout=sys.stderr
    )


def copy_folder(folder: Path, out: Path) -> None:
    """Copies a folder without what is not its source."""
    shutil.copytree(folder, out, symlinks=True, ignore=_LEFT_OUT)


def look(root: Path, environment: Mapping[str, str], package_root: str | None) -> Subject:
    """The tree as analyze sees it; with `package_root` (below the tree) the package is told, not found.

    Raises Failure when analyze can do nothing with the tree.
    """
    if package_root:
        path = Path(package_root)
        told = ["--source", str(path.parent), "--package", path.name, "--force"]
        _output(["init", "--repo", str(root), *told], environment)
    config = json.loads(_output(["analyze", "--repo", str(root), "--format", "json"], environment))["config"]
    nodes = json.loads(_output(["graph", "--repo", str(root), "--format", "json"], environment))["nodes"]
    files = sorted(root / node["path"] for node in nodes if node["path"].endswith(".py"))
    source = root / config["source"]
    inside = [file for file in files if file.is_relative_to(source / config["package"]) and file.stat().st_size]
    services = [file for file in inside if file.parent.name == "services"]
    return Subject(
        root, source, config["package"], files,
        sum(file.read_bytes().count(b"\n") for file in files), (services or inside)[0],
    )  # fmt: skip


def _output(arguments: list[str], environment: Mapping[str, str]) -> str:
    ran = subprocess.run([*DECOMPOSE, *arguments], env=environment, capture_output=True, text=True)
    if ran.returncode not in (0, 1) or "Traceback (most recent" in ran.stderr:
        raise Failure(f"decompose {arguments[0]}: {ran.stderr.strip()}")
    return ran.stdout
