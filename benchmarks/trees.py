"""The trees that are measured (a replica, or a copy of a folder) and the commands that are run on them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Command, Environment, Failure, run

ROOT = Path(__file__).parent.parent
HELP, COLD, WARM = "decompose --help", "analyze, cold", "analyze, warm"
CHANGED, READER = "analyze, one file changed", "analyze --reader libcst, cold"
PARSE, PARSE_TWO = "libcst.parse_module, in sequence", "libcst.parse_module, two workers"
MOVE_ONE, MOVE_NINE = "move, one module", "move, nine modules"
ROPE_ONE, ROPE_NINE = "rope's MoveModule, one", "rope's MoveModule, nine in one process"
EXTRACT_COLD, EXTRACT = "extract --all --dry-run, cold", "extract --all --dry-run"
LIMITS, PRUNE, CLIENTS, CHECK, DATA = "limits", "prune", "clients", "check", "data"
VERIFY, BOOT = "verify --baseline", "the application's own start and openapi()"
GRIMP_COLD, GRIMP_WARM, RUFF = "grimp, cold", "grimp, warm", "ruff analyze graph"

_DECOMPOSE = (sys.executable, "-m", "decomposer")
_BOOT = "import importlib, sys; name, _, app = sys.argv[1].partition(':'); "
_BOOT += "getattr(importlib.import_module(name), app).openapi()"
_GRIMP = "import sys, grimp; _, path, name, cache = sys.argv; sys.path.insert(0, path); "
_GRIMP += "grimp.build_graph(name, cache_dir=cache)"


class Tree:
    """A tree as analyze sees it: where its package is, and the Python files that are read, with their lines.

    With `package_root` (below the tree) the package is told, not found. Raises Failure where analyze fails.
    """

    def __init__(self, root: Path, environment: Environment, package_root: str | None = None) -> None:
        self.root, self.environment, self.changes = root, environment, 0
        if package_root:
            told = Path(package_root)
            self._ask("init", "--source", str(told.parent), "--package", told.name, "--force")
        config = json.loads(self._ask("analyze", "--format", "json"))["config"]
        self.source, self.package, self.entries = root / config["source"], config["package"], config["entries"]
        paths = [node["path"] for node in json.loads(self._ask("graph", "--format", "json"))["nodes"]]
        self.files = sorted(root / path for path in paths if path.endswith(".py"))
        self.lines = sum(file.read_bytes().count(b"\n") for file in self.files)
        inside = [file for file in self.files if file.is_relative_to(self.source / self.package)]
        self.changed = next((file for file in inside if file.parent.name == "services"), inside[-1])
        self.before = self.changed.read_bytes()

    def change(self) -> None:
        """Appends a function to one file, a new one each time: no cache can know the content."""
        self.changes += 1
        self.changed.write_bytes(self.before + b"\n\ndef added_%d():\n    return None\n" % self.changes)

    def restore(self) -> None:
        """Puts the file back."""
        self.changed.write_bytes(self.before)

    def moves(self, scratch: Path) -> list[Command]:
        """Moves of one and of nine modules into a package beside them, by this tool and by rope."""
        inside = [file for file in self.files if file.is_relative_to(self.source / self.package)]
        modules = [file for file in inside if file.name != "__init__.py"]
        folders = sorted({file.parent for file in modules})
        home = max(folders, key=lambda folder: sum(file.parent == folder for file in modules))
        there = sorted(file for file in modules if file.parent == home)
        nine = there[:: max(1, len(there) // 9)][:9]
        target = home / "moved_here"
        kept = scratch / "as-it-was"
        shutil.copytree(self.root, kept, symlinks=True)

        def prepare() -> None:
            target.mkdir()
            (target / "__init__.py").touch()
            run(self._analyze(), self.environment)

        def put_back() -> None:
            shutil.rmtree(self.root)
            shutil.copytree(kept, self.root, symlinks=True)

        def below(path: Path) -> str:
            return path.relative_to(self.root).as_posix()

        def command(name: str, *argv: str) -> Command:
            return Command(name, argv, before=prepare, after=put_back)

        def move(files: list[Path]) -> tuple[str, ...]:
            pairs = (below(path) for file in files for path in (file, target / file.name))
            return (*_DECOMPOSE, "move", *pairs, "--repo", str(self.root))

        def rope(files: list[Path]) -> tuple[str, ...]:
            script = str(Path(__file__).with_name("rope_moves.py"))
            return (sys.executable, script, str(self.root), below(self.source), below(target), *map(below, files))

        return [
            command(MOVE_ONE, *move(nine[:1])),
            command(ROPE_ONE, *rope(nine[:1])),
            command(MOVE_NINE, *move(nine)),
            command(ROPE_NINE, *rope(nine)),
        ]

    def reports(self) -> list[Command]:
        """What is asked of a monolith on the way, with the facts of its files kept but in the first; all only look.

        The replica is booted besides, with the stand-ins that it has for what it imports.
        """

        def forget() -> None:
            shutil.rmtree(self.environment["DECOMPOSE_CACHE_DIR"], ignore_errors=True)

        def command(name: str, *argv: str) -> Command:
            return Command(name, (*_DECOMPOSE, *argv, "--repo", str(self.root)))

        extract = command(EXTRACT, "extract", "--all", "--dry-run")
        asked = [Command(EXTRACT_COLD, extract.argv, before=forget), extract,
                 *(command(name, name) for name in (LIMITS, PRUNE, CLIENTS, CHECK, DATA))]  # fmt: skip
        stubs = self.root / "stubs"
        if not stubs.is_dir() or not self.entries:
            return asked
        path = os.pathsep.join([str(self.source), str(stubs)])
        boot = ("env", f"PYTHONPATH={path}", sys.executable, "-c", _BOOT, self.entries[0])
        return [*asked, command(VERIFY, "verify", "--baseline", "--path", "stubs"), Command(BOOT, boot)]

    def cold(self) -> Command:
        """The analysis with nothing kept from before."""
        return Command(COLD, (*self._analyze(), "--no-cache"))

    def commands(self, scratch: Path) -> list[Command]:
        """What is measured, in order; `scratch` is a folder for the list of files and for grimp's caches."""
        listed, fresh = scratch / "files.txt", scratch / "grimp-fresh"
        listed.write_text("\n".join(map(str, self.files)))
        parse = (sys.executable, str(Path(__file__).with_name("parse.py")))
        grimp = (sys.executable, "-c", _GRIMP, str(self.source), self.package)
        beside = Path(sys.executable).with_name("ruff")
        ruff = str(beside) if beside.exists() else "ruff"

        def forget() -> None:
            shutil.rmtree(fresh, ignore_errors=True)

        def settle() -> None:
            run(self._analyze(), self.environment)

        def settle_and_change() -> None:
            settle()
            self.change()

        return [
            Command(HELP, (*_DECOMPOSE, "--help")),
            Command(WARM, self._analyze(), before=settle),
            Command(GRIMP_WARM, (*grimp, str(scratch / "grimp-kept"))),
            Command(CHANGED, self._analyze(), before=settle_and_change, after=self.restore),
            self.cold(),
            Command(PARSE, (*parse, "1"), str(listed)),
            Command(READER, (*self._analyze(), "--no-cache", "--reader", "libcst")),
            Command(PARSE_TWO, (*parse, "2"), str(listed)),
            Command(GRIMP_COLD, (*grimp, str(fresh)), before=forget),
            Command(RUFF, (ruff, "analyze", "graph", "--preview", str(self.source / self.package))),
        ]

    def _analyze(self) -> tuple[str, ...]:
        return (*_DECOMPOSE, "analyze", "--repo", str(self.root))

    def _ask(self, command: str, *options: str) -> str:
        argv = [*_DECOMPOSE, command, "--repo", str(self.root), *options]
        ran = subprocess.run(argv, env=self.environment, capture_output=True, text=True)
        if ran.returncode not in (0, 1) or "Traceback (most recent" in ran.stderr:
            said = ran.stderr.strip().rpartition("\n")[2]
            raise Failure(f"decompose {command}: {said}")
        return ran.stdout


def write_replica(out: Path, copies: int) -> None:
    """Writes the replica with so many copies of its package."""
    script = str(ROOT / "examples" / "replica.py")
    argv = [sys.executable, script, str(out), "--copies", str(copies)]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def copy_folder(folder: Path, out: Path) -> None:
    """Copies a folder without what is not its source, so that the folder itself is never written to."""
    left_out = shutil.ignore_patterns(".git", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache")
    shutil.copytree(folder, out, symlinks=True, ignore=left_out)
