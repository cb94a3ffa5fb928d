"""The tests that go along with a context: those that exercise nothing but its modules and the core."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from decomposer.changeset import Write
from decomposer.extracting.tree import Tree
from decomposer.model.edges import Edge
from decomposer.model.facts import PythonFacts
from decomposer.planning.contents import Contents
from decomposer.syntax.fixtures import Fixtures, read_fixtures


class MovingTests(Struct, frozen=True):
    """Test files by path with their new places, and each `conftest.py` that they need, which stays and is copied."""

    moves: dict[str, str]
    fixtures: dict[str, str]


def moving_tests(tree: Tree, found: Contents, parted: Mapping[str, Collection[str]]) -> MovingTests:
    """The tests of a context; `parted` are the names that each of the service's barrels has."""
    return _Choice(tree, found, parted).tests()


def fixture_writes(tree: Tree, tests: MovingTests) -> Iterator[Write]:
    """The fixtures that tests take along; the service's own, if it has some, are left as they are."""
    for old, new in sorted(tests.fixtures.items()):
        if tree.read(new) is None:
            yield Write(new, tree.read(old), f"the fixtures of {old}")


class _Choice:
    def __init__(self, tree: Tree, found: Contents, parted: Mapping[str, Collection[str]]) -> None:
        self.tree, self.code, self.found, self.parted = tree, tree.code, found, parted
        self.project = tree.config.project().strip("/")
        self.service = tree.config.service(found.context)
        self.entry = self.code.entry
        self.calling = _calling_others(tree, found)
        self.edges: dict[str, list[Edge]] = {}
        for edge in self.code.graph.edges:
            if edge.kind not in ("test", "config"):
                self.edges.setdefault(edge.path, []).append(edge)

    def tests(self) -> MovingTests:
        """Every test that goes, in order."""
        moves: dict[str, str] = {}
        fixtures: dict[str, str] = {}
        for path in sorted(self.tree.python):
            if self._is_test(path) and self._exercises_own(path):
                needed = self._fixtures(path)
                if needed is not None:
                    moves[path] = self._new(path)
                    fixtures |= {old: self._new(old) for old in needed}
        return MovingTests(moves, fixtures)

    def _below(self, path: str) -> str:
        return path.removeprefix(f"{self.project}/") if self.project else path

    def _new(self, path: str) -> str:
        return f"{self.service}/{self._below(path)}"

    def _is_test(self, path: str) -> bool:
        """Whether a file is one of the monolith's tests: below the `tests` of its project, and named like one."""
        name = posixpath.basename(path)
        mine = path.startswith(f"{self.project}/") or not self.project
        named = name.startswith("test_") or name.endswith("_test.py")
        return mine and named and self._below(path).startswith("tests/")

    def _exercises_own(self, path: str) -> bool:
        """Whether a test refers to modules of the context, and otherwise to the core at most, in ways that can move."""
        facts = self.tree.python[path]
        source = self.tree.read(path) or b""
        if facts.error or b"__file__" in source or not self._stands_alone(path, facts):
            return False
        targets = self._targets(path, facts)
        return targets is not None and bool(targets & self.found.own) and not targets & self.calling and all(
            target in self.found.own or self.code.in_core(target) for target in targets
        )  # fmt: skip

    def _stands_alone(self, path: str, facts: PythonFacts) -> bool:
        """Whether a test imports nothing that lies beside it."""
        folders = list(self._folders(path))
        for fact in facts.imports:
            top = fact.module.partition(".")[0]
            beside = any(self.tree.below(f"{folder}/{top}") or self.tree.read(f"{folder}/{top}.py") is not None
                         for folder in folders)  # fmt: skip
            if fact.level or top in ("tests", "conftest") or (beside and not self.code.modules.is_ours(top)):
                return False
        return True

    def _folders(self, path: str) -> Iterator[str]:
        """The folders from a test up to that of all tests."""
        folder = posixpath.dirname(path)
        while self._below(folder).startswith("tests") and folder != self.project:
            yield folder
            folder = posixpath.dirname(folder)

    def _targets(self, path: str, facts: PythonFacts) -> set[str] | None:
        """The modules that a file outside the package refers to, through barrels; None where one cannot be told."""
        found: set[str] = set()
        for edge in self._edges(path):
            if not edge.target:
                return None
            if not self.code.is_package(edge.target) or edge.target in self.found.own or self.code.in_core(edge.target):
                found.add(edge.target)
            elif edge.kind in ("string", "dynamic") or (edge.kind != "call" and not edge.names):
                return None  # of a package that stays nobody can tell what is meant
        for fact in facts.imports:
            base = self.code.modules.absolute(path, fact.level, fact.module)
            if base not in self.code.modules.path_of or not self.code.is_package(base) or base in self.found.own:
                continue
            for name, _ in fact.names if fact.is_from and not self.code.in_core(base) else ():
                symbol = self.code.symbols.resolve(base, name)
                if symbol is None or symbol.external or name == "*":
                    return None
                if symbol.name and name not in self.parted.get(base, ()):
                    return None  # the service's part of the barrel does not have it
                found.add(symbol.module)
        return found

    def _edges(self, path: str) -> list[Edge]:
        return self.edges.get(path, [])

    def _fixtures(self, path: str) -> list[str] | None:
        """Every `conftest.py` that a test needs, None where one cannot go along, or serves the whole application."""
        needed: list[str] = []
        try:
            asked = set(read_fixtures(self.tree.read(path) or b"").asked)
            for folder in self._folders(path):
                conftest = f"{folder}/conftest.py"
                source = self.tree.read(conftest)
                if source is None:
                    continue
                if not self._goes_along(conftest, source) or self._serves(conftest, read_fixtures(source), asked):
                    return None
                needed.append(conftest)
        except (SyntaxError, ValueError):
            return None
        return needed

    def _goes_along(self, path: str, source: bytes) -> bool:
        """Whether a `conftest.py` finds in the service what it asks for."""
        facts = self.tree.python.get(path) or self.tree.readers.facts(source)
        depth = self.project.count("/") == self.service.count("/") if self.project else False
        if facts.error or (b"__file__" in source and not depth) or not self._stands_alone(path, facts):
            return False
        for edge in self._edges(path):
            if edge.target != self.entry and not (edge.target and (
                self.found.has(edge.target) or self.code.in_core(edge.target)
            )):  # fmt: skip
                return False
        for fact in facts.imports:
            base = self.code.modules.absolute(path, fact.level, fact.module)
            if base is not None and base in self.parted and base != self.entry and fact.is_from:
                for name, _ in fact.names:
                    symbol = self.code.symbols.resolve(base, name)
                    if symbol is None or (symbol.name and name not in self.parted[base]):
                        return False
        return True

    def _serves(self, path: str, fixtures: Fixtures, asked: set[str]) -> bool:
        """Whether a test gets a fixture with the whole application; notes what its fixtures ask for themselves."""
        facts = self.tree.python.get(path)
        served = {bound for fact in facts.imports if self._is_entry(path, fact.level, fact.module)
                  for _, bound in fact.names} if facts is not None else set()  # fmt: skip
        by_name = {fixture.name: fixture for fixture in fixtures.defined}
        queue = [fixture.name for fixture in fixtures.defined if fixture.autouse or fixture.name in asked]
        seen: set[str] = set()
        while queue:
            name = queue.pop()
            if name in seen or name not in by_name:
                continue
            seen.add(name)
            if by_name[name].uses & served:
                return True
            asked |= by_name[name].needs
            queue += by_name[name].needs
        return False

    def _is_entry(self, path: str, level: int, module: str) -> bool:
        return self.code.modules.absolute(path, level, module) in (self.entry, self.code.modules.package)


def _calling_others(tree: Tree, found: Contents) -> set[str]:
    """The modules of a service that call others over HTTP, or need one that does: there is nobody to answer tests."""
    calling: set[str] = set()
    while more := {module for module in found.own - calling for need in tree.code.needs.of(module)
                   if need.module in found.clients or need.module in calling}:  # fmt: skip
        calling |= more
    return calling
