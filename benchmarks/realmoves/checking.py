"""One move in a working copy: applied, looked at from all sides, taken back."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

from benchmarks.realmoves.running import Interpreter, stable
from benchmarks.realmoves.trees import changed, copy_tree, snapshot

ROOT = Path(__file__).parents[2]
FRESH = 2
OK, REFUSED, BROKEN, SKIPPED = "ok", "refused", "BROKEN", "-"


class Failure(Exception):
    """There is nothing to compare with."""


@dataclass(slots=True)
class Result:
    """What one move did; `broken` says everything that is not as it was, by the check that saw it."""

    old: str
    new: str
    files: int = 0
    problems: list[str] = field(default_factory=list)
    refused: bool = False
    broken: dict[str, list[str]] = field(default_factory=dict)
    looked: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def verdict(self, check: str) -> str:
        """What is said of one check."""
        if check in self.broken:
            return f"{BROKEN} ({len(self.broken[check])})"
        return OK if check in self.looked else SKIPPED

    def note(self, check: str, differences: Sequence[str]) -> None:
        """A check was made."""
        self.looked.append(check)
        if differences:
            self.broken[check] = list(differences)


class Checker:
    """Moves modules of the tree in a folder, which it leaves as it was; `scratch` is a folder for what else is made."""

    def __init__(self, tree: Path, scratch: Path, interpreter: Interpreter | None, entry: str, alias: bool) -> None:
        self.tree, self.scratch, self.interpreter, self.alias = tree, scratch, interpreter, alias
        self.before = snapshot(tree)
        analysis = self.ask("analyze")
        self.config: dict[str, Any] = analysis["config"]
        self.entry = entry or next(iter(self.config["entries"]), "")
        self.graph = self.ask("graph")
        self.unresolved = self._unresolved(analysis, "", "")
        nodes = [node for node in self.graph["nodes"] if node["role"] in ("module", "package")]
        self.modules = [node["name"] for node in nodes if not node["name"].endswith("__main__")]
        self.paths = {node["name"]: node["path"] for node in nodes}
        self.served: dict[str, Any] = {}
        self.imports: dict[str, str] = {}
        self.tests: dict[str, str] = {}
        if interpreter:
            self._baseline(interpreter)

    def _baseline(self, interpreter: Interpreter) -> None:
        with self.aside() as root:
            boots = [interpreter.boot(root, self.entry, self.modules, ()) for _ in range(2)]
            tests = [interpreter.test(root) for _ in range(2)]
        self.served = boots[0]["served"]
        if self.served["error"]:
            raise Failure(f"it does not boot before anything moves: {self.served['error']}")
        self.served["operations"] = stable(self.served["operations"], boots[1]["served"]["operations"])
        self.imports = stable(boots[0]["imports"], boots[1]["imports"])
        self.tests = stable(*tests)

    def tell_baseline(self) -> str:
        """What there is to compare with, in a line."""
        told = f"{len(self.before):,} files and folders, {sum(self.unresolved.values())} unresolved"
        if not self.interpreter:
            return f"{told}; not booted"
        served, good = self.served, sum(not error for error in self.imports.values())
        told += f"; {len(served['routes'])} routes, {served['paths']} paths, {len(served['operations'])} operations"
        outcomes = Counter(value.partition(":")[0] for value in self.tests.values())
        return f"{told}; {good} of {len(self.modules)} modules import; tests: {dict(outcomes) or 'none'}"

    def renew(self, original: Path) -> None:
        """Makes the tree anew, after a move that was not taken back."""
        rmtree(self.tree)
        copy_tree(original, self.tree)

    # The tool

    def ask(self, command: str) -> Any:
        """What a command says as JSON."""
        done = self.run(command, "--format", "json")
        if not done.stdout.strip():
            raise Failure(f"decompose {command}: {done.stderr}")
        return json.loads(done.stdout)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs decompose on the tree."""
        environment = os.environ | {"PYTHONPATH": str(ROOT), "DECOMPOSE_CACHE_DIR": str(self.scratch / "cache")}
        return subprocess.run(
            [sys.executable, "-m", "decomposer", *arguments, "--repo", str(self.tree)],
            env=environment, capture_output=True, text=True,
        )  # fmt: skip

    # One move

    def check(self, old: str, new: str) -> Result:
        """Makes a move, looks, and takes it back."""
        start, result = time.monotonic(), Result(old, new)
        done = self._move(old, new)
        result.problems = [line for line in done.stderr.splitlines() if re.search(r": (error|warning|note): ", line)]
        differs = changed(self.before, snapshot(self.tree))
        if done.returncode:
            result.refused = done.returncode == 1 or bool(result.problems)
            result.note("move", [] if result.refused else [done.stderr[-2000:]])
            result.note("rollback", [f"{path} is not as it was" for path in differs])
        else:
            result.note("move", [line for line in result.problems if ": error: " in line])
            result.files = len([path for path in differs if (self.tree / path).is_file() or path in self.before])
            self._look(result)
            self._take_back(result)
        result.seconds = time.monotonic() - start
        return result

    def _move(self, old: str, new: str) -> subprocess.CompletedProcess[str]:
        """Moves by name, and by path where two applications of a repository have a module of the name."""
        options = () if self.alias else ("--no-alias",)
        done = self.run("move", old, new, *options)
        if "[ambiguous]" in done.stderr and old in self.paths:
            done = self.run("move", self.paths[old].removesuffix("/__init__.py"), new, *options)
        return done

    def _look(self, result: Result) -> None:
        try:
            added = self._unresolved(self.ask("analyze"), result.old, result.new) - self.unresolved
            result.note("unresolved", [f"{path}: {kind} of {', '.join(names)}" for path, kind, names in added])
        except (Failure, json.JSONDecodeError) as failure:
            result.note("unresolved", [str(failure)])
        if self.interpreter:
            with self.aside() as root, ThreadPoolExecutor(2) as both:
                tests = both.submit(self._tests, self.interpreter, root, result)
                boot = both.submit(self._boot, self.interpreter, root, result)
                result.note("boot", boot.result())
                if self.tests:
                    result.note("tests", tests.result())

    def _take_back(self, result: Result) -> None:
        done = self.run("rollback")
        left = changed(self.before, snapshot(self.tree))
        told = [done.stderr[-500:]] if done.returncode else []
        result.note("rollback", [*told, *(f"{path} is not as it was" for path in left)])

    def _unresolved(self, analysis: Mapping[str, Any], old: str, new: str) -> Counter[tuple[str, str, tuple[str, ...]]]:
        """What does not resolve, with the paths that the files had."""
        was, now = (name.replace(".", "/") for name in (old, new))
        return Counter(
            (re.sub(rf"(^|/){re.escape(now)}(?=[./])", rf"\g<1>{was}", one["path"]) if new else one["path"],
             one["kind"], tuple(sorted(one["names"])))
            for one in analysis["unresolved"]
        )  # fmt: skip

    def _boot(self, interpreter: Interpreter, root: Path, result: Result) -> list[str]:
        renamed = _Renamed(result.old, result.new)
        modules = {name: renamed.forward(name) for name in self.modules}
        fresh = [result.new, *([result.old] if self.alias else []), *map(renamed.forward, self._users(result.old))]
        found = interpreter.boot(root, renamed.forward(self.entry), list(modules.values()), list(dict.fromkeys(fresh)))
        return [
            *self._served(found["served"], renamed),
            *self._imports({name: found["imports"].get(new, "not tried") for name, new in modules.items()}, renamed),
            *self._fresh(interpreter, found["fresh"], renamed),
        ]

    def _served(self, served: Mapping[str, Any], renamed: _Renamed) -> Iterator[str]:
        if served["error"]:
            yield f"it does not boot: {served['error']}"
            return
        operations = served["operations"]
        for key, operation in self.served["operations"].items():
            if key not in operations:
                yield f"not served any more: {key}"
            elif renamed.back(operations[key]) != renamed.back(operation):
                yield f"served otherwise: {key}"
        yield from (f"served anew: {key}" for key in operations.keys() - self.served["operations"].keys()
                    if len(self.served["operations"]) == len(operations))  # fmt: skip
        if served["paths"] != self.served["paths"] or served["routes"] != self.served["routes"]:
            yield f"{served['paths']} paths and {len(served['routes'])} routes, in another order or number"

    def _imports(self, imports: Mapping[str, str], renamed: _Renamed) -> Iterator[str]:
        for name, error in self.imports.items():
            if _is_new(imports[name], error, renamed):
                yield f"import {renamed.forward(name)}: {imports[name]} (before: {error or 'ok'})"

    def _fresh(self, interpreter: Interpreter, fresh: Mapping[str, str], renamed: _Renamed) -> Iterator[str]:
        """What raises in a process of its own and did not before."""
        if not (failed := {name: error for name, error in fresh.items() if error}):
            return
        names = {renamed.back(name) for name in failed}
        with Aside(self.scratch / "was", self.scratch / "original") as root:
            before = interpreter.boot(root, "", (), sorted(names))["fresh"]
        for name, error in failed.items():
            was = before.get(renamed.back(name), "")
            if _is_new(error, was, renamed):
                yield f"import {name} alone: {error} (before: {was or 'ok'})"

    def _users(self, name: str) -> list[str]:
        """Some modules that import it."""
        users = Counter(
            edge["source"] for edge in self.graph["edges"]
            if edge["target"] and _is_below(edge["target"], name) and edge["source"] in self.paths
            and not _is_below(edge["source"], name)
        )  # fmt: skip
        return [user for user, _ in users.most_common(FRESH)]

    def _tests(self, interpreter: Interpreter, root: Path, result: Result) -> list[str]:
        renamed = _Renamed(result.old, result.new)
        found = self._test_differences(interpreter.test(root), renamed) if self.tests else {}
        if found:
            again = self._test_differences(interpreter.test(root), renamed)
            found = {name: told for name, told in found.items() if name in again}
        return [f"{name}: {told}" for name, told in found.items()]

    def _test_differences(self, outcomes: Mapping[str, str], renamed: _Renamed) -> dict[str, str]:
        """Every test that ends otherwise: of those that fail either way, with an error of another type."""
        return {
            name: f"{outcomes.get(name, 'gone')} (before: {outcome})"
            for name, outcome in self.tests.items()
            if kind(renamed.back(outcomes.get(name, "gone"))) != kind(renamed.back(outcome))
        }

    def aside(self) -> Aside:
        """A copy of the tree as it is, to run things in."""
        return Aside(self.scratch / "aside", self.tree)


class Aside:
    """A copy of a tree that an application may write to, gone afterwards."""

    def __init__(self, place: Path, tree: Path) -> None:
        self.place, self.tree = place, tree

    def __enter__(self) -> Path:
        copy_tree(self.tree, self.place)
        return self.place

    def __exit__(self, *_: object) -> None:
        rmtree(self.place, ignore_errors=True)


class _Renamed:
    """Names as they are after a move, and texts with the names of before."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        parts = [(new, old), (new.replace(".", "/"), old.replace(".", "/"))]
        self.words = [(re.compile(rf"(?<![\w.]){re.escape(now)}(?!\w)"), was) for now, was in parts]

    def forward(self, name: str) -> str:
        below = name[len(self.old) :]
        return self.new + below if name.startswith(self.old) and (not below or below[0] in ".:") else name

    def back(self, text: str) -> str:
        for word, was in self.words:
            text = word.sub(was, text)
        return re.sub(r"0x[0-9a-f]+|/\S*/(?=\w+\.py)|\bline \d+", "", text)


def _is_new(error: str, before: str, renamed: _Renamed) -> bool:
    """Whether it fails now and did not, or, where it failed before, fails of what was moved."""
    names = (renamed.old, renamed.new)
    about = any(name in error for name in names) and not any(name in before for name in names)
    return bool(error) and (about or not before)


def kind(outcome: str) -> str:
    """An outcome with the type of its error, which is what may be told apart from one run to another."""
    return ":".join(outcome.split(":")[:2])


def _is_below(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
