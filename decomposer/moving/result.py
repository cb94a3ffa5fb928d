"""What a move would break, looked for before anything is written, and circles that are undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from decomposer.changeset import Write
from decomposer.checks.load_graph import Program
from decomposer.checks.load_order import new_load_failures
from decomposer.graph.imports import ImportLinker
from decomposer.graph.modules import Modules
from decomposer.graph.symbols import Symbols
from decomposer.model.config import Home
from decomposer.model.edges import Edge
from decomposer.model.facts import PythonFacts
from decomposer.model.moves import Renames
from decomposer.model.problems import Problem
from decomposer.moving.situation import Situation, absolute_name
from decomposer.rewrite.barrels import load_last, load_later


class Result:
    """The repository as it would be."""

    def __init__(self, situation: Situation, facts: Callable[[bytes], PythonFacts]) -> None:
        self.situation = situation
        self.plan, self.renames, self.modules = situation.plan, situation.renames, situation.modules
        self.python, self.read = situation.python, situation.read
        self.facts = facts

    def without_circles(self, writes: list[Write]) -> tuple[list[Write], list[Problem]]:
        """The writes, with packages that load a moved module later where loading it at once would be a circle."""
        problems = self.look(writes)
        for position, write in enumerate(writes):
            if not any(problem.code == "load-cycle" for problem in problems):
                break
            for later, told in self._put_off(write, writes):
                changed = [*writes[:position], replace(write, content=later), *writes[position + 1 :]]
                left = self.look(changed)
                if len(left) < len(problems):
                    writes, problems = changed, [*left, *told]
                    break
        return writes, problems

    def _put_off(self, write: Write, writes: list[Write]) -> Iterator[tuple[bytes, list[Problem]]]:
        """The contents that a package's `__init__.py` could have to load what moved later, and what to know then.

        Where tables are defined they must be there once the package is: then it loads them last, if that will do.
        """
        path = write.path
        if not (write.content and path in self.modules.name_of and self.modules.is_package(path)):
            return
        package, new = self.modules.name_of[path], self.renames.pairs.values()

        def is_moved(name: str) -> bool:
            return any(name == module or name.startswith(module + ".") for module in new)

        told: list[Problem] = []
        if any(self.python[old].tables for old in self.plan.files if old in self.python):
            last = load_last(write.content, package, is_moved)
            if last is not None:
                yield last, []
            told.append(Problem(
                path, 0, "tables-later", "loads the tables that move only when somebody asks for them: at once is "
                "a circle", "import them where all tables must be known, such as where they are created", "warning",
            ))  # fmt: skip
        if path not in self.plan.files and (self.python[path].exports is not None or not self._is_starred(package)):
            later = self._loaded_later(write.content, package, is_moved, writes)
            if later is not None:
                yield later, told

    def _loaded_later(
        self, content: bytes, package: str, is_moved: Callable[[str], bool], writes: list[Write]
    ) -> bytes | None:
        coming = [write.path for write in writes if write.content is not None and write.path.endswith(".py")]
        modules = set(map(self.situation.dotted, coming))
        return load_later(content, package, is_moved, lambda name: name in modules or self.modules.exists(name))

    def _is_starred(self, package: str) -> bool:
        """Whether any file takes all names of a package, which would then miss those that are loaded later."""
        return any(
            fact.names == (("*", "*"),) and absolute_name(self.modules, path, fact) == package
            for path, facts in self.python.items()
            for fact in facts.imports
        )

    def look(self, writes: list[Write]) -> list[Problem]:
        """Imports that would no longer resolve and loads that would run in a circle, none of which was before."""
        final = {write.path: write.content for write in writes}
        python = {path: facts for path, facts in self.python.items() if final.get(path, b"") is not None}
        for path, content in final.items():
            if path.endswith(".py") and content is not None:
                python[path] = self.facts(content)
        problems: list[Problem] = []
        broken = 0
        ends = {(self.plan.source, self.plan.package), (self.plan.new_source, self.plan.new_package)}
        ends = {(self.plan.source, self.plan.package)} if self.plan.parted else ends
        was = {
            key
            for source, package in ends
            # a file that means another package is not respelled, one that moves knows parts of others
            for renames in (self.renames, Renames(()), self.situation.inner)
            for key, _ in _unresolved(self._modules(source, package, self.python), self.python, self.plan.files,
                                      renames)
        }  # fmt: skip
        was |= {(part, *key[1:]) for part, origin in self.plan.parts.items() for key in was if key[0] == origin}
        for source, package in ends:
            for key, edge in _unresolved(self._modules(source, package, python), python, {}, Renames(())):
                broken += edge.path in self.modules.name_of or self.situation.counts(edge.path)
                if key not in was:
                    problems.append(Problem(edge.path, edge.line, "unresolved", f"would no longer resolve: "
                                            f"{edge.reason}", "change this import by hand first"))  # fmt: skip
        if self.situation.repair and broken:
            message = f"broken imports that stay so, since what they mean is not evident: {broken}"
            hint = "`decompose analyze` lists them"
            problems.append(Problem(self.plan.package, 0, "still-broken", message, hint, "warning"))
        before = Program(self.modules, self.python, self.read)
        end = (self.plan.source, self.plan.package) if self.plan.parted else (
            self.plan.new_source, self.plan.new_package)  # fmt: skip
        after = Program(
            self._modules(*end, python), python,
            lambda path: final[path] if path in final else self.read(path),
        )  # fmt: skip
        renamed = {name: self.renames.new(name) for name in self.modules.path_of if self.renames.moved(name)}
        return problems + new_load_failures(before, after, (), renamed)

    def _modules(self, source: str, package: str, python: Mapping[str, PythonFacts]) -> Modules:
        """The modules of a package, with those that have gone elsewhere or are about to."""
        homes = self.plan.homes
        if self.plan.parted and all(home.dotted != self.plan.new_package for home in homes):
            homes = (*homes, Home(self.plan.new_package, f"{self.plan.new_source}/{self.plan.new_package}"))
        return Modules(source, package, python, python, homes)


def _unresolved(
    modules: Modules, python: Mapping[str, PythonFacts], files: Mapping[str, str], renames: Renames
) -> Iterator[tuple[tuple[str, str, tuple[str, ...]], Edge]]:
    """Every import that does not resolve, with what tells it from others before and after the move."""
    linker = ImportLinker(Symbols(modules))
    for path, facts in python.items():
        name = modules.name_of.get(path, path)
        for fact in facts.imports:
            for edge in linker.edges(name, path, fact):
                if not edge.target:
                    yield (files.get(path, path), renames.new(absolute_name(modules, path, fact)), edge.names), edge
