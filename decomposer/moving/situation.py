"""What is known of a repository when modules of it move, and what its names mean there."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from decomposer.graph.belonging import Belonging
from decomposer.graph.imports import ImportLinker
from decomposer.graph.modules import Modules
from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.config import Config
from decomposer.model.edges import Edge
from decomposer.model.facts import Import, PythonFacts, TextFacts
from decomposer.model.moves import MovePlan
from decomposer.rewrite.view import View, absolute

Read = Callable[[str], bytes | None]


class Situation:
    """A repository before a move: its files, facts and modules, the plan, and how references are seen.

    `expires` is the date of aliases (ISO 8601), "" for none; `repair` says whether broken imports are mended.
    `rule_files` are the paths of the rule files for the package.
    """

    def __init__(
        self, plan: MovePlan, expires: str, repair: bool, python: Mapping[str, PythonFacts],
        texts: Mapping[str, TextFacts], paths: Iterable[str], read: Read, mode: Callable[[str], str],
        rule_files: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.plan, self.expires, self.repair, self.read, self.mode = plan, expires, repair, read, mode
        self.python = {path: facts for path, facts in python.items() if path not in plan.replaced}
        self.texts, self.rule_files = texts, frozenset(rule_files)
        self.renames = plan.renames()
        self.modules = Modules(plan.source, plan.package, self.python, self.python, plan.homes)
        self.symbols = Symbols(self.modules)
        self.belonging = Belonging(Config(plan.source, plan.package, (), homes=plan.homes), [*paths, *texts])
        self.inner = plan.inner_renames(self.modules.path_of) if plan.parted else self.renames
        self.folders = {move.old_path: move.new_path for move in plan.moves if move.is_package}
        self.paths = {**plan.files, **self.folders}
        """Files, and folders of packages, with where they go."""
        self._repairs: dict[str, dict[tuple[int, str], str]] = {}

    def view(self, path: str) -> View:
        """A file as the respelling sees it."""
        package = self.modules.package_of(path) if path in self.modules.name_of else ""
        new_package = package
        if path in self.plan.files:
            new_package = self._package(self.plan.files[path])
        renames = self.inner if path in self.plan.files else self.renames
        return View(
            path, package, new_package, renames, self.is_submodule, self.modules.exists, self._has_name,
            self.binds_child, self._repaired(path), bool(self.expires),
        )  # fmt: skip

    def inner_view(self, path: str, parted: Mapping[str, str]) -> View:
        """A file outside the package as one sees it that goes where parts of these modules do."""
        renames = self.plan.part_renames(self.modules.path_of, parted)
        return replace(self.view(path), renames=renames, alias=False)

    def part_view(self, module: str, parted: Mapping[str, str]) -> View:
        """A module as it is seen where a part of it goes to its new name, as parts of these others do."""
        path, new = self.modules.path_of[module], parted[module]
        package = new if self.modules.is_package(path) else new.rpartition(".")[0]
        return replace(self.inner_view(path, parted), new_package=package)

    def counts(self, path: str) -> bool:
        """Whether a Python file outside the package may mean it."""
        facts = self.python.get(path)
        if facts is None:
            return False
        words = (*(text.value for text in facts.texts), path)
        return self.belonging.counts(path, words, (fact.module for fact in facts.imports))

    def dotted(self, path: str) -> str:
        """The dotted name that a path has after the move."""
        below = path[len(self.plan.new_source) + 1 :] if self.plan.new_source else path
        return below.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _package(self, path: str) -> str:
        """The package that relative imports of a file at its new place start from."""
        below = path[len(self.plan.new_source) + 1 :] if self.plan.new_source else path
        folder = posixpath.dirname(below)
        return folder.replace("/", ".")

    def is_submodule(self, base: str, name: str) -> bool:
        """Whether `from base import name` binds the module `base.name`."""
        submodule = f"{base}.{name}"
        return self.modules.exists(submodule) and self.symbols.resolve(base, name) == Symbol(submodule, "")

    def binds_child(self, parent: str, child: str) -> bool:
        """Whether a package imports its own submodule of that name."""
        bound = self.symbols.bound_by_import(parent).get(child)
        return bound is not None and self.symbols.resolve(parent, child) == Symbol(f"{parent}.{child}", "")

    def _has_name(self, module: str, name: str) -> bool:
        facts = self.symbols.facts(module)
        if facts is None or facts.error or facts.dynamic_getattr:
            return self.modules.exists(f"{module}.{name}") or facts is not None
        return self.symbols.has(module, name) or name.startswith("__")

    def _repaired(self, path: str) -> Callable[[int, str], str]:
        meant = self._repairs.setdefault(path, dict(self._meant(path)) if self.repair else {})
        return lambda line, name: meant.get((line, name), "")

    def _meant(self, path: str) -> Iterator[tuple[tuple[int, str], str]]:
        """Of each import that was broken before and whose meaning is evident, the module that has the name."""
        if path not in self.python:
            return
        linker = ImportLinker(self.symbols)
        for fact in self.python[path].imports:
            for edge in linker.edges(self.modules.name_of.get(path, path), path, fact):
                for name in edge.names if _is_evident(edge, fact, absolute_name(self.modules, path, fact)) else ():
                    parent, _, last = edge.meant.rpartition(".")
                    is_module = name == last and not self.symbols.has(edge.meant, name)
                    yield (fact.line, name), parent if is_module else edge.meant


def _is_evident(edge: Edge, fact: Import, written: str) -> bool:
    """Whether a broken import means one thing only.

    That is a module of the same name in a layer of the same name, one below the package that is named, or the same
    name with another number of dots. That only one module has such a class is a guess, however likely.
    """
    if edge.target or not edge.meant:
        return False
    if edge.meant.startswith(written + ".") or (fact.level and edge.meant.endswith("." + fact.module)):
        return True
    parts, meant = written.split("."), edge.meant.split(".")
    return parts[-1] == meant[-1] and (len(parts) < 3 or parts[-2] in meant[:-1])


def absolute_name(modules: Modules, path: str, fact: Import) -> str:
    """The absolute name of an import; as it is written where it climbs above the top package."""
    package = modules.package_of(path) if path in modules.name_of else ""
    return absolute(package, fact.level, fact.module) or "." * fact.level + fact.module
