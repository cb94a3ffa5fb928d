"""Everything that a move writes: the modules at their new place, what names them, and aliases at the old one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from decomposer.changeset import Write
from decomposer.checks.load_graph import Program
from decomposer.checks.load_order import new_load_failures
from decomposer.facts.python import read_python
from decomposer.graph.belonging import Belonging
from decomposer.graph.imports import ImportLinker
from decomposer.graph.modules import Modules
from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.config import Config
from decomposer.model.edges import Edge
from decomposer.model.facts import Import, PythonFacts, TextFacts
from decomposer.model.moves import ModuleMove, MovePlan, Renames
from decomposer.model.problems import Problem
from decomposer.model.sites import DecoratorSite, Edit, ImportSite, Sites
from decomposer.rewrite.alias import alias_module, alias_path
from decomposer.rewrite.barrels import load_last, load_later
from decomposer.rewrite.frozen import (
    FRAMEWORKS,
    configured_loggers,
    file_edits,
    file_problems,
    has_logger,
    logger_edits,
    renames_logger,
    task_edits,
    task_frameworks,
)
from decomposer.rewrite.python_file import respell_code, respell_python
from decomposer.rewrite.strings import Frozen, frozen_names
from decomposer.rewrite.texts import respell_text
from decomposer.rewrite.view import View, absolute
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites

_PYTHON_SCRIPT = re.compile(rb"#![^\n]*python")
Read = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a move is to be made: with aliases that expire on a date (ISO 8601), or "" for none; repairing or not."""

    expires: str
    repair: bool


@dataclass(slots=True)
class _Seen:
    """One Python file that may have to change, read once."""

    content: Text
    sites: Sites
    tasks: dict[DecoratorSite, str] = field(default_factory=dict)


def move_writes(
    plan: MovePlan, wanted: Wanted, python: Mapping[str, PythonFacts], texts: Mapping[str, TextFacts],
    paths: Iterable[str], read: Read, mode: Callable[[str], str],
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file, and what a person should know.

    `python` and `texts` are the facts, by path, of the files that mention the package; `paths` are all Python files.
    """
    return _Moving(plan, wanted, python, texts, paths, read, mode).run()


class _Moving:
    def __init__(
        self, plan: MovePlan, wanted: Wanted, python: Mapping[str, PythonFacts], texts: Mapping[str, TextFacts],
        paths: Iterable[str], read: Read, mode: Callable[[str], str],
    ) -> None:  # fmt: skip
        self.plan, self.wanted, self.read, self.mode = plan, wanted, read, mode
        self.python = {path: facts for path, facts in python.items() if path not in plan.replaced}
        self.texts = texts
        self.renames = plan.renames()
        self.modules = Modules(plan.source, plan.package, self.python, self.python)
        self.symbols = Symbols(self.modules)
        config = Config(plan.source, plan.package, ())
        self.belonging = Belonging(config, [*paths, *texts])
        self.problems: list[Problem] = []
        self.paths = dict(plan.files)
        self.paths |= {move.old_path: move.new_path for move in plan.moves if move.is_package}
        self.taken = set(plan.files.values())
        """Where something stands afterwards, so that nothing need be removed."""
        if wanted.expires:
            self.taken |= {alias_path(move) for move in plan.moves if move.old != move.new}
        self.known: dict[bytes, PythonFacts] = {}
        self.repairs: dict[str, dict[tuple[int, str], str]] = {}

    def run(self) -> tuple[list[Write], list[Problem]]:
        """All writes, after the result has been looked at for what it would break."""
        seen = {path: found for path in self._candidates() if (found := self._see(path)) is not None}
        loggers = self._loggers(seen)
        frozen = self._frozen(seen, loggers)
        writes = [write for path in sorted(seen) for write in self._python_writes(path, seen[path], frozen, loggers)]
        writes += self._other_moved(seen)
        writes += self._aliases(seen)
        writes += [Write(f"{folder}/__init__.py", b"", f"the package {folder}") for folder in self.plan.new_packages]
        written = {write.path for write in writes}
        writes += [write for write in self._text_writes(frozen) if write.path not in written]
        writes, problems = self._without_circles(writes)
        return writes, sorted({*self.problems, *problems})

    def _candidates(self) -> Iterator[str]:
        """The Python files that move, or say the last part of a moved module's name."""
        names = b"|".join(re.escape(name.encode()) for name in sorted(self.renames.lasts))
        last = re.compile(rb"(?<!\w)(?:" + names + rb")(?!\w)" if names else rb"(?!)")
        for path, facts in self.python.items():
            if path in self.plan.files:
                yield path
                continue
            source = self.read(path) or b""
            if self.wanted.repair or last.search(source):
                words = (*(text.value for text in facts.texts), path)
                if self.belonging.counts(path, words, (fact.module for fact in facts.imports)):
                    yield path

    def _see(self, path: str) -> _Seen | None:
        source = self.read(path) or b""
        try:
            content = text_of(source)
            facts = self.python[path]
            sites = read_sites(source, content, facts.reader == "libcst" and not facts.error)
        except (SyntaxError, UnicodeDecodeError) as error:
            sites, content = Sites(error=f"not understood: {error}"), Text(source, "utf-8", b"")
        lines = content.utf8.splitlines()
        for line in sites.left_out:
            if any(last.encode() in lines[line - 1] for last in self.renames.lasts):
                self.problems.append(Problem(path, line, "not-understood", "a statement is newer than this Python: "
                                             "what it says stays", "run with a newer Python", "warning"))  # fmt: skip
        if not sites.error:
            return _Seen(content, sites)
        severity = "error" if path in self.plan.files else "warning"
        self.problems.append(Problem(path, sites.error_line, "not-understood", f"{sites.error}: what it says of a "
                                     "moved module stays as it is", "mend the file first", severity))  # fmt: skip
        return _Seen(content, Sites()) if path in self.plan.files else None

    # Names that stay

    def _frozen(self, seen: Mapping[str, _Seen], loggers: frozenset[str]) -> Frozen:
        tasks: dict[str, frozenset[str]] = {}
        named: set[str] = set()
        kept: set[str] = set()
        for path, found in seen.items():
            module = self.modules.name_of.get(path, "")
            old = self.renames.moved(module)
            if path not in self.plan.files or not old:
                continue
            found.tasks = task_frameworks(found.sites, partial(self._framework, path))
            if found.tasks:
                below = module[len(old) + 1 :]
                names = {f"{below}.{site.function}" if below else site.function for site in found.tasks}
                tasks[old] = tasks.get(old, frozenset()) | names
            named |= frozen_names(found.sites, module, ())
            utf8 = found.content.utf8
            literal = re.search(rb"[gG]et_?[lL]ogger\(\s*[\"']" + re.escape(module.encode()) + rb"[\"']", utf8)
            if literal or (has_logger(utf8) and renames_logger(module, self.renames.new(module), loggers)):
                kept.add(module)
        return Frozen(tasks, frozenset(named), frozenset(kept))

    def _framework(self, path: str, site: DecoratorSite, imports: tuple[ImportSite, ...]) -> str:
        """The framework that a task decorator is of, by where its first name comes from; "" for none that is known."""
        root = site.name.partition(".")[0]
        for statement in imports:
            top = statement.module.partition(".")[0] if statement.is_from else statement.names[0].name.partition(".")[0]
            if not statement.level and top in FRAMEWORKS:
                return top
        symbol = self.symbols.follow(self.modules.name_of.get(path, ""), site.name)
        homes = [path]
        if symbol is not None:
            homes.append(self.modules.path_of.get(symbol.module, path))
        elif (made := self.symbols.resolve(self.modules.name_of.get(path, ""), root)) is not None:
            homes.append(self.modules.path_of.get(made.module, path))
        for home in homes:
            facts = self.python[home]
            for framework in FRAMEWORKS:
                if any(not fact.level and fact.module.partition(".")[0] == framework for fact in facts.imports):
                    return framework
            source = self.read(home) or b""
            if b"__module__" in source and re.search(rb"def (?:task|shared_task|periodic_task)\([^)]*\bname\b", source):
                return "celery"  # a registry of the repository's own, which works alike
        return ""

    def _loggers(self, seen: Mapping[str, _Seen]) -> frozenset[str]:
        if not any(path in self.plan.files and has_logger(found.content.utf8) for path, found in seen.items()):
            return frozenset()
        return configured_loggers(source for path in (*self.python, *self.texts) if (source := self.read(path)))

    # Files

    def _view(self, path: str) -> View:
        package = self.modules.package_of(path) if path in self.modules.name_of else ""
        new_package = package
        if path in self.plan.files:
            new_package = self._package(self.plan.files[path])
        return View(
            path, package, new_package, self.renames, self._is_submodule, self.modules.exists, self._has_name,
            self._binds_child, self._repaired(path), bool(self.wanted.expires),
        )  # fmt: skip

    def _package(self, path: str) -> str:
        """The package that relative imports of a file at its new place start from."""
        below = path[len(self.plan.new_source) + 1 :] if self.plan.new_source else path
        folder = posixpath.dirname(below)
        return folder.replace("/", ".")

    def _is_submodule(self, base: str, name: str) -> bool:
        submodule = f"{base}.{name}"
        return self.modules.exists(submodule) and self.symbols.resolve(base, name) == Symbol(submodule, "")

    def _has_name(self, module: str, name: str) -> bool:
        facts = self.symbols.facts(module)
        if facts is None or facts.error or facts.dynamic_getattr:
            return self.modules.exists(f"{module}.{name}") or facts is not None
        return self.symbols.has(module, name) or name.startswith("__")

    def _binds_child(self, parent: str, child: str) -> bool:
        bound = self.symbols.bound_by_import(parent).get(child)
        return bound is not None and self.symbols.resolve(parent, child) == Symbol(f"{parent}.{child}", "")

    def _repaired(self, path: str) -> Callable[[int, str], str]:
        meant = self.repairs.setdefault(path, dict(self._meant(path)) if self.wanted.repair else {})
        return lambda line, name: meant.get((line, name), "")

    def _meant(self, path: str) -> Iterator[tuple[tuple[int, str], str]]:
        """Of each import that was broken before and whose meaning is evident, the module that has the name."""
        linker = ImportLinker(self.symbols)
        for fact in self.python[path].imports:
            for edge in linker.edges(self.modules.name_of.get(path, path), path, fact):
                for name in edge.names if _is_evident(edge, _absolute(self.modules, path, fact)) else ():
                    parent, _, last = edge.meant.rpartition(".")
                    is_module = name == last and not self.symbols.has(edge.meant, name)
                    yield (fact.line, name), parent if is_module else edge.meant

    def _python_writes(
        self, path: str, found: _Seen, frozen: Frozen, loggers: frozenset[str]
    ) -> Iterator[Write]:
        source = self.read(path) or b""
        moves = path in self.plan.files
        more = list(self._kept_names(path, found, loggers) if moves else self._handed_on(path, found))
        told: list[Problem] = []
        try:
            after = respell_python(found.content, found.sites, self._view(path), frozen, self.paths, more, told)
        except (ValueError, UnicodeEncodeError) as error:
            self.problems.append(Problem(path, 0, "not-respelled", f"cannot be respelled: {error}",
                                         "change it by hand"))  # fmt: skip
            after = source
        self.problems += told
        if moves:
            yield from self._moved(path, after)
        elif after != source:
            yield Write(path, after, f"the references in {path}", self.mode(path))

    def _moved(self, path: str, after: bytes) -> Iterator[Write]:
        new, mode = self.plan.files[path], self.mode(path)
        if new == path:
            return
        if path not in self.taken:
            yield Write(path, None, f"the move of {path}", mode)
        yield Write(new, after, f"the move of {path}", mode, path)

    def _kept_names(self, path: str, found: _Seen, loggers: frozenset[str]) -> Iterator[Edit]:
        """The edits that keep the names of tasks and loggers, and the folder of `__file__`."""
        module = self.modules.name_of.get(path, "")
        yield from task_edits(found.tasks, module)
        yield from logger_edits(found.content, module, self.renames.new(module), loggers)
        if not any(move.is_package and path.startswith(move.old_path + "/") for move in self.plan.moves):
            yield from file_edits(found.content, found.sites, path, self.plan.files[path])
            if posixpath.dirname(path) != posixpath.dirname(self.plan.files[path]):
                self.problems += file_problems(path, found.content, found.sites)

    def _handed_on(self, path: str, found: _Seen) -> Iterator[Edit]:
        """An import of a moved module at the end of the package that lists it in `__all__` and has it by accident."""
        package = self.modules.name_of.get(path, "")
        exports = self.python[path].exports
        if self.wanted.expires or not exports or not self.modules.is_package(path):
            return
        for old, new in self.renames.pairs.items():
            parent, _, child = old.rpartition(".")
            if parent == package and child in exports and self._is_submodule(parent, child) and not self._binds_child(
                parent, child
            ):  # fmt: skip
                home, _, last = new.rpartition(".")
                statement = f"from {home} import {last}" + (f" as {child}" if last != child else "")
                newline, end = found.content.newline(), len(found.content.utf8)
                before = b"" if found.content.utf8.endswith((b"\n", b"\r")) else newline
                yield Edit(end, end, before + newline + statement.encode() + newline)

    def _other_moved(self, seen: Mapping[str, _Seen]) -> Iterator[Write]:
        for path in self.plan.files:
            if path not in seen:
                content = self.read(path) or b""
                yield from self._moved(path, self._stubs(path, content) if path.endswith(".pyi") else content)

    def _stubs(self, path: str, source: bytes) -> bytes:
        """A stub file respelled as the module beside it would be."""
        content = text_of(source)
        view = replace(self._view(path.removesuffix("i")), path=path)
        return respell_python(content, read_sites(source, content), view, Frozen(), {}, (), self.problems)

    def _aliases(self, seen: Mapping[str, _Seen]) -> Iterator[Write]:
        for path in self.plan.replaced:
            if path not in self.plan.files.values():
                yield Write(path, None, f"the alias {path}")
        if not self.wanted.expires:
            return
        for move in self.plan.moves:
            if move.old != move.new:
                runs = self._runs(move, seen)
                path, alias = alias_path(move), alias_module(move, self.wanted.expires, runs)
                mode = self.mode(path) if self.read(path) is not None else "100644"
                yield Write(path, alias, f"the alias of {move.old}", mode)

    def _runs(self, move: ModuleMove, seen: Mapping[str, _Seen]) -> bool:
        if move.is_package:
            return f"{move.old_path}/__main__.py" in self.plan.files
        return move.old_path in seen and seen[move.old_path].sites.has_main

    def _text_writes(self, frozen: Frozen) -> Iterator[Write]:
        if not self.renames.pairs:
            return
        last = re.compile(b"|".join(re.escape(x.encode()) for x in sorted(self.renames.lasts)))
        for path in self.texts:
            source = self.read(path)
            if source is None or not last.search(source) or path in self.plan.files:
                continue
            tokens = [token for token, _ in self.texts[path].tokens]
            if not self.belonging.counts(path, tokens, tokens):
                continue
            view = self._view(path)
            if path.endswith(".pyi"):
                after = self._stubs(path, source)
            elif _PYTHON_SCRIPT.match(source):
                after = respell_code(source, view)
            else:
                code = partial(respell_code, view=view)
                after = respell_text(path, source, view, frozen, self.paths, code, self.problems)
            if after != source:
                yield Write(path, after, f"the names in {path}", self.mode(path))

    # The result

    def _without_circles(self, writes: list[Write]) -> tuple[list[Write], list[Problem]]:
        """The writes, with packages that load a moved module later where loading it at once would be a circle."""
        problems = self._look_at_result(writes)
        for position, write in enumerate(writes):
            if not any(problem.code == "load-cycle" for problem in problems):
                break
            for later, told in self._put_off(write, writes):
                changed = [*writes[:position], replace(write, content=later), *writes[position + 1 :]]
                left = self._look_at_result(changed)
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
        modules = set(map(self._dotted, coming))
        return load_later(content, package, is_moved, lambda name: name in modules or self.modules.exists(name))

    def _dotted(self, path: str) -> str:
        below = path[len(self.plan.new_source) + 1 :] if self.plan.new_source else path
        return below.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def _is_starred(self, package: str) -> bool:
        """Whether any file takes all names of a package, which would then miss those that are loaded later."""
        return any(
            fact.names == (("*", "*"),) and _absolute(self.modules, path, fact) == package
            for path, facts in self.python.items()
            for fact in facts.imports
        )

    def _look_at_result(self, writes: list[Write]) -> list[Problem]:
        """Imports that would no longer resolve and loads that would run in a circle, none of which was before."""
        final = {write.path: write.content for write in writes}
        python = {path: facts for path, facts in self.python.items() if final.get(path, b"") is not None}
        for path, content in final.items():
            if path.endswith(".py") and content is not None:
                python[path] = self._facts(content)
        problems: list[Problem] = []
        homes = {(self.plan.source, self.plan.package), (self.plan.new_source, self.plan.new_package)}
        was = {
            key
            for source, package in homes
            for renames in (self.renames, Renames(()))  # a file that means another package is not respelled
            for key, _ in _unresolved(Modules(source, package, self.python, self.python), self.python, self.plan.files,
                                      renames)
        }  # fmt: skip
        for source, package in homes:
            for key, edge in _unresolved(Modules(source, package, python, python), python, {}, Renames(())):
                if key not in was:
                    problems.append(Problem(edge.path, edge.line, "unresolved", f"would no longer resolve: "
                                            f"{edge.reason}", "report this move as a bug"))  # fmt: skip
        before = Program(self.modules, self.python, self.read)
        after = Program(
            Modules(self.plan.new_source, self.plan.new_package, python, python), python,
            lambda path: final[path] if path in final else self.read(path),
        )  # fmt: skip
        renamed = {name: self.renames.new(name) for name in self.modules.path_of if self.renames.moved(name)}
        return problems + new_load_failures(before, after, (), renamed)

    def _facts(self, content: bytes) -> PythonFacts:
        if content not in self.known:
            self.known[content] = read_python(content)
        return self.known[content]


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
                    yield (files.get(path, path), renames.new(_absolute(modules, path, fact)), edge.names), edge


def _is_evident(edge: Edge, written: str) -> bool:
    """Whether a broken import means one thing only: a module of that name, one below, the only such class."""
    if edge.target or not edge.meant:
        return False
    same = edge.meant.rpartition(".")[2] == written.rpartition(".")[2]
    if same or edge.meant.startswith(written + "."):
        return True
    return len(edge.names) == 1 and edge.names[0][:1].isupper() and "no module" in edge.reason


def _absolute(modules: Modules, path: str, fact: Import) -> str:
    package = modules.package_of(path) if path in modules.name_of else ""
    return absolute(package, fact.level, fact.module) or "." * fact.level + fact.module
