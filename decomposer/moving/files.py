"""The writes of a move: modules at their new place, files that name them, and aliases at the old one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from decomposer.changeset import Write
from decomposer.model.moves import ModuleMove
from decomposer.model.problems import Problem
from decomposer.model.sites import Edit, Sites
from decomposer.moving.kept import Seen, edits_that_keep, loggers_by_name, names_that_stay
from decomposer.moving.rule_patterns import respell_rules
from decomposer.moving.situation import Situation
from decomposer.rewrite.alias import alias_module, alias_path
from decomposer.rewrite.python_file import respell_code, respell_python
from decomposer.rewrite.strings import Frozen
from decomposer.rewrite.texts import respell_text
from decomposer.syntax.bytes_of_text import Text, text_of

_PYTHON_SCRIPT = re.compile(rb"#![^\n]*python")


class Files:
    """Works out the files of a move; what a person should know is collected in `problems`."""

    def __init__(self, situation: Situation, sites: Callable[[bytes, Text, bool], Sites]) -> None:
        self.sites = sites
        self.situation = situation
        self.plan, self.renames = situation.plan, situation.renames
        self.read, self.mode = situation.read, situation.mode
        self.problems: list[Problem] = []
        self.taken = set(self.plan.files.values())
        """Where something stands afterwards, so that nothing need be removed."""
        if situation.expires:
            self.taken |= {alias_path(move) for move in self.plan.moves if move.old != move.new}
        self.seen = {path: found for path in self._candidates() if (found := self._see(path)) is not None}
        self.loggers = loggers_by_name(situation, self.seen)
        self.frozen = names_that_stay(situation, self.seen, self.loggers)

    def writes(self) -> list[Write]:
        """Everything that is written, each path once."""
        writes = [write for path in sorted(self.seen) for write in self._python(path)]
        writes += self._other_moved()
        writes += self._aliases()
        writes += [Write(f"{folder}/__init__.py", b"", f"the package {folder}") for folder in self.plan.new_packages]
        written = {write.path for write in writes}
        return [*writes, *(write for write in self._texts() if write.path not in written)]

    def _candidates(self) -> Iterator[str]:
        """The Python files that move, or say the last part of a moved module's name."""
        names = b"|".join(re.escape(name.encode()) for name in sorted(self.renames.lasts))
        last = re.compile(rb"(?<!\w)(?:" + names + rb")(?!\w)" if names else rb"(?!)")
        for path in self.situation.python:
            if path in self.plan.files:
                yield path
                continue
            if path.startswith(self.plan.apart):
                continue
            source = self.read(path) or b""
            may = self.situation.repair or last.search(source)
            if may and (self._names_path(source) or self.situation.counts(path)):
                yield path

    def _names_path(self, source: bytes) -> bool:
        """Whether a file has the whole path of something that moves, which can mean nothing else."""
        return any("/" in old and old.encode() in source for old in self.situation.paths)

    def _see(self, path: str) -> Seen | None:
        source = self.read(path) or b""
        try:
            content = text_of(source)
            facts = self.situation.python[path]
            sites = self.sites(source, content, facts.reader == "libcst" and not facts.error)
            if sites.error and facts.reader == "none":  # nobody has looked yet whether it is newer than this Python
                sites = self.sites(source, content, True)
        except (SyntaxError, UnicodeDecodeError) as error:
            sites, content = Sites(error=f"not understood: {error}"), Text(source, "utf-8", b"")
        lines = content.utf8.splitlines()
        for line in sites.left_out:
            if any(last.encode() in lines[line - 1] for last in self.renames.lasts):
                self.problems.append(Problem(path, line, "not-understood", "a statement is newer than this Python: "
                                             "what it says stays", "run with a newer Python", "warning"))  # fmt: skip
        if not sites.error:
            return Seen(content, sites)
        severity = "error" if path in self.plan.files else "warning"
        self.problems.append(Problem(path, sites.error_line, "not-understood", f"{sites.error}: what it says of a "
                                     "moved module stays as it is", "mend the file first", severity))  # fmt: skip
        return Seen(content, Sites()) if path in self.plan.files else None

    def _python(self, path: str) -> Iterator[Write]:
        found = self.seen[path]
        source = self.read(path) or b""
        moves = path in self.plan.files
        more = list(self._kept(path, found) if moves else self._handed_on(path, found))
        told: list[Problem] = []
        try:
            view, paths = self.situation.view(path), self.situation.paths
            after = respell_python(found.content, found.sites, view, self.frozen, paths, more, told)
        except (ValueError, UnicodeEncodeError) as error:
            self.problems.append(Problem(path, 0, "not-respelled", f"cannot be respelled: {error}",
                                         "change it by hand"))  # fmt: skip
            after = source
        self.problems += told
        if moves:
            yield from self._moved(path, after)
        elif after != source:
            yield Write(path, after, f"the references in {path}", self.mode(path))

    def _kept(self, path: str, found: Seen) -> Iterator[Edit]:
        return edits_that_keep(self.situation, path, found, self.loggers, self.problems)

    def _moved(self, path: str, after: bytes) -> Iterator[Write]:
        new, mode = self.plan.files[path], self.mode(path)
        if new == path:
            return
        if path not in self.taken:
            yield Write(path, None, f"the move of {path}", mode)
        yield Write(new, after, f"the move of {path}", mode, path)

    def _handed_on(self, path: str, found: Seen) -> Iterator[Edit]:
        """An import of a moved module at the end of the package that lists it in `__all__` and has it by accident."""
        package = self.situation.modules.name_of.get(path, "")
        exports = self.situation.python[path].exports
        if self.situation.expires or not exports or not self.situation.modules.is_package(path):
            return
        for old, new in self.renames.pairs.items():
            parent, _, child = old.rpartition(".")
            there = self.situation.is_submodule(parent, child) and not self.situation.binds_child(parent, child)
            if parent == package and child in exports and there:
                home, _, last = new.rpartition(".")
                statement = f"from {home} import {last}" + (f" as {child}" if last != child else "")
                newline, end = found.content.newline(), len(found.content.utf8)
                before = b"" if found.content.utf8.endswith((b"\n", b"\r")) else newline
                yield Edit(end, end, before + newline + statement.encode() + newline)

    def _other_moved(self) -> Iterator[Write]:
        for path in self.plan.files:
            if path not in self.seen:
                content = self.read(path) or b""
                yield from self._moved(path, self._stubs(path, content) if path.endswith(".pyi") else content)

    def _stubs(self, path: str, source: bytes) -> bytes:
        """A stub file respelled as the module beside it would be."""
        content = text_of(source)
        view = replace(self.situation.view(path.removesuffix("i")), path=path)
        return respell_python(content, self.sites(source, content, False), view, Frozen(), {}, (), self.problems)

    def _aliases(self) -> Iterator[Write]:
        for path in self.plan.replaced:
            if path not in self.plan.files.values():
                yield Write(path, None, f"the alias {path}")
        if not self.situation.expires:
            return
        for move in self.plan.moves:
            if move.old != move.new:
                runs = self._runs(move)
                path, alias = alias_path(move), alias_module(move, self.situation.expires, runs, bool(self.plan.apart))
                mode = self.mode(path) if self.read(path) is not None else "100644"
                yield Write(path, alias, f"the alias of {move.old}", mode)

    def _runs(self, move: ModuleMove) -> bool:
        if move.is_package:
            return f"{move.old_path}/__main__.py" in self.plan.files
        return move.old_path in self.seen and self.seen[move.old_path].sites.has_main

    def _texts(self) -> Iterator[Write]:
        if not self.renames.pairs:
            return
        last = re.compile(b"|".join(re.escape(x.encode()) for x in sorted(self.renames.lasts)))
        rules = self.situation.rule_files
        for path in sorted({*self.situation.texts, *rules}):
            source = self.read(path)
            if source is None or path in self.plan.files or path.startswith(self.plan.apart):
                continue
            after = self._text(path, source) if path in self.situation.texts and last.search(source) else source
            if path in rules:
                root = f"{self.plan.source}/{self.plan.package}".removeprefix("/")
                after = respell_rules(path, after, root, self.plan.files, self.situation.folders, self.problems)
            if after != source:
                yield Write(path, after, f"the names in {path}", self.mode(path))

    def _text(self, path: str, source: bytes) -> bytes:
        tokens = [token for token, _ in self.situation.texts[path].tokens]
        if not (self._names_path(source) or self.situation.belonging.counts(path, tokens, tokens)):
            return source
        view = self.situation.view(path)
        if path.endswith(".pyi"):
            return self._stubs(path, source)
        if _PYTHON_SCRIPT.match(source):
            return respell_code(source, view)
        code = partial(respell_code, view=view)
        return respell_text(path, source, view, self.frozen, self.situation.paths, code, self.problems)
