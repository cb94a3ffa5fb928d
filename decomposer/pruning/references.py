"""Who refers to what, however: the graph's edges, and every place where a name stands as a word.

What cannot be told apart counts for all: a name that is used somewhere may mean every function of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from decomposer.facts.words import Place, affixes_in, divisions, open_names
from decomposer.graph.link import is_test
from decomposer.graph.references import ReferenceLinker
from decomposer.graph.symbols import Symbols
from decomposer.model.dead_code import Evidence, Outline
from decomposer.model.edges import IMPORT_KINDS, Edge, Graph
from decomposer.model.facts import PythonFacts
from decomposer.pruning.starting import LARGEST_PAGE, is_document, is_page, runs, starts_at
from decomposer.pruning.units import WALKS, Unit, Units
from decomposer.pruning.words import Words

CODE, TEXT, BY_TABLE, HANDED, TOLD = "code", "text", "table", "handed", "told"
"""How something is referred to: as code, by a string or a configuration that names it, so that it is found if its name
is asked for, by an import that nothing uses, or by documents and comments, which are there for people only."""
_LOADED = ("(include)", "(imports)", "autodiscover_tasks", "uvicorn.run")
"""How calls and keywords end that load the modules whose names they are given."""


class Reference(Struct, frozen=True):
    """One reference: what makes it (a unit, or a file outside by its path), to what, how, and the place."""

    holder: Unit | str
    target: Unit
    way: str
    evidence: Evidence


class References:
    """All references to units of a repository, by what makes them; `read` gives the bytes of a file."""

    def __init__(
        self, symbols: Symbols, graph: Graph, units: Units, facts: Mapping[str, PythonFacts],
        read: Callable[[str], bytes | None], unserved: Collection[str], words: Words,
    ) -> None:  # fmt: skip
        """Beside all that, modules whose routers no application includes: an import alone is no use of them."""
        self.symbols, self.graph, self.units, self.facts, self.read = symbols, graph, units, facts, read
        self.linker = ReferenceLinker(symbols)
        self.modules = symbols.modules
        self.edges: dict[str, list[Edge]] = {}
        """The edges that lead somewhere, by the file that they begin in."""
        for edge in graph.edges:
            if edge.target:
                self.edges.setdefault(edge.path, []).append(edge)
        self.roles = {node.path: node.role for node in graph.nodes}
        self.by_holder: dict[Unit | str, list[Reference]] = {}
        self.stems: dict[str, list[Unit]] = {}
        self.unserved, self.words = unserved, words
        self._opened: tuple[str, ...] = ()
        self._computing: dict[str, Evidence] = {}
        for module in self.modules.path_of:
            self.stems.setdefault(module.rpartition(".")[2], []).append((module, ""))

    def collect(self, files: Iterable[str]) -> References:
        """Itself, after everything has been looked at; `files` are the paths of all files that may say something."""
        for edges in self.edges.values():
            for edge in edges:
                self._edge(edge)
        sources = {path: source for path in files if (source := self.read(path)) and b"\0" not in source[:8000]
                   and not (is_page(path) and len(source) > LARGEST_PAGE)}  # fmt: skip
        self._open_packages(sources)
        names = self.units.named.keys() | self.stems.keys()
        beginnings: dict[str, Evidence] = {}
        ends: dict[str, Evidence] = {}
        for path, source in sources.items():
            found = [place for place in self.words.places(source, names)
                     if place.name in names and (place.is_quoted or not is_page(path))]  # fmt: skip
            if path in self.modules.name_of and path in self.units.outlines:
                self._module(path, found)
            elif found:
                self._outside(path, found)
            if path in self.roles and any(word in source for word in (b"getattr", b"globals()", b"import_module")):
                told = affixes_in(source)
                for known, affixes in ((beginnings, told.beginnings), (ends, told.ends)):
                    for affix in affixes:
                        known.setdefault(affix, Evidence(path, 0, "table", f"puts names together with `{affix}`"))
        self._put_together(beginnings, ends)
        return self

    def _add(self, holder: Unit | str, target: Unit, way: str, evidence: Evidence) -> None:
        if holder != target:
            self.by_holder.setdefault(holder, []).append(Reference(holder, target, way, evidence))

    def _holder(self, path: str, line: int) -> Unit | str:
        module = self.modules.name_of.get(path, "")
        if not module or is_test(path):
            return path
        return self.units.holder(module, line) if path in self.units.outlines else (module, "")

    def _edge(self, edge: Edge) -> None:
        """The graph's own references: what they mean is known, so that they go before what words tell."""
        holder, name = self._holder(edge.path, edge.line), edge.names[0].partition(".")[0] if edge.names else ""
        if edge.kind == "config":
            told = is_document(edge.path) and not starts_at(self.read(edge.path) or b"", edge.line)
            way = CODE if runs(edge.path) else TOLD if told else TEXT
            kind = "document" if is_document(edge.path) else "config"
        elif edge.kind == "string":
            way, kind = CODE if self._loads(edge) else TEXT, "string"
        elif edge.kind == "dynamic":
            literal = any(d.line == edge.line and d.module and not d.module.endswith("*")
                          for d in self.facts[edge.path].dynamics)  # fmt: skip
            way, kind = (CODE, "import") if literal else (BY_TABLE, "table")
        else:
            is_import = edge.kind in IMPORT_KINDS
            way, kind = HANDED if is_import and self._hands_on(edge) else CODE, "import" if is_import else "code"
        if is_test(edge.path):
            kind = "test"
        evidence = Evidence(edge.path, edge.line, kind, _told(edge))
        self._add(holder, (edge.target, ""), way, evidence)
        if (edge.target, name) in self.units.parts and edge.kind not in IMPORT_KINDS:
            self._add(holder, (edge.target, name), way, evidence)

    def _hands_on(self, edge: Edge) -> bool:
        """Whether an import only hands on a router that no application includes."""
        if edge.target not in self.unserved or edge.path not in self.modules.name_of:
            return False
        facts = self.facts[edge.path]
        used = {use.name.partition(".")[0] for use in facts.uses}
        bound = {as_name for fact in facts.imports if fact.line == edge.line for name, as_name in fact.names
                 if name in edge.names}  # fmt: skip
        return bool(bound) and not bound & used

    def _loads(self, edge: Edge) -> bool:
        """Whether a string is the name of a module that is loaded by it."""
        facts = self.facts[edge.path]
        computes = any(not dynamic.module for dynamic in facts.dynamics)
        for text in facts.texts:
            if text.line == edge.line and text.value.replace(":", ".").startswith(edge.target) and (
                text.role.endswith(_LOADED) or (computes and text.value == edge.target and "ogger" not in text.role)
            ):  # fmt: skip
                return True
        return False

    def _module(self, path: str, found: Iterable[Place]) -> None:
        """What a module of the package says: identifiers are code, all other words only name something."""
        outline, module = self.units.outlines[path], self.modules.name_of[path]
        test = is_test(path)
        for name, line in outline.uses:
            self._to_named(path, name, line, CODE, Evidence(path, line, "test" if test else "code", name))
        told = outline.uses | outline.silent
        for place in found:
            if (place.name, place.line) not in told:
                way, kind = (TEXT, "string") if place.line in outline.quoted else (TOLD, "document")
                way = CODE if test and way == TEXT else way
                evidence = Evidence(path, place.line, "test" if test else kind, place.name)
                self._to_named(path, place.name, place.line, way, evidence)
                self._to_stem(path, place, way, evidence)
        if not test:
            self._reflection(module, path, outline)

    def _outside(self, path: str, found: Iterable[Place]) -> None:
        """What any other file says: of code that uses the package every word counts as code."""
        is_python = path.endswith(".py")
        test = is_test(path) and is_python
        is_ours = test or path in self.modules.name_of or self.roles.get(path) == "script"
        way = CODE if is_ours else TOLD if is_document(path) else TEXT
        kind = "test" if test else "code" if way == CODE else "document" if is_document(path) else \
            "string" if is_python else "config"  # fmt: skip
        first: dict[Place, int] = {}
        for place in found:
            first.setdefault(replace(place, line=0), place.line)
        for place, line in first.items():
            evidence = Evidence(path, line, kind, place.name)
            self._to_named(path, place.name, line, way, evidence)
            self._to_stem(path, place, way if way != CODE or test else TEXT, evidence)

    def _to_named(self, path: str, name: str, line: int, way: str, evidence: Evidence) -> None:
        for unit in self.units.named.get(name, ()):
            self._add(self._holder(path, line), unit, way, evidence)

    def _to_stem(self, path: str, place: Place, way: str, evidence: Evidence) -> None:
        """A word that may be the name of a module that the graph knows nothing of.

        It is when it is a file's or stands below its package, or something of the module below it. An everyday word by
        itself can only be one where names are put together; another one need not be, and counts all the same.
        """
        is_text = not path.endswith(".py") or path in self.modules.name_of
        by_itself = "_" in place.name.strip("_") and (place.is_quoted or is_text)
        for module, _ in self.stems.get(place.name, ()):
            above = module.rpartition(".")[0]
            if place.above is not None:
                is_meant = place.above == above.rpartition(".")[2]
            else:
                is_meant = by_itself or place.is_file or place.below in self.symbols.defined(module) or any(
                    f"{above}.".startswith(opened) for opened in self._opened
                )  # fmt: skip
            if is_meant and self.modules.path_of[module] != path:
                self._add(self._holder(path, evidence.line), (module, ""), way, evidence)

    def _open_packages(self, sources: Mapping[str, bytes]) -> None:
        """Takes note of the packages whose modules are found by names that are put together or computed."""
        opened = {name for source in sources.values() for name in open_names(source, self.modules.package)}
        for path, facts in self.facts.items():
            if path not in self.roles or is_test(path):
                continue
            computes = any(dynamic.module in ("", "*") for dynamic in facts.dynamics)
            own = self.edges.get(path, ()) if computes else ()
            is_seen = any(edge.kind == "dynamic" or (edge.kind == "string" and self._loads(edge)) for edge in own)
            if computes and not is_seen:
                self._computing[path] = Evidence(path, 0, "table", "loads modules by names that it computes")
                opened.add(self.modules.package)  # where they come from is not seen: from anywhere
        self._opened = tuple(f"{name}." for name in opened)

    def _reflection(self, module: str, path: str, outline: Outline) -> None:
        """What a module may reach without naming it: its own names, those of what it imports, all of its package."""
        facts, means = self.facts[path], outline.looks_up - WALKS
        for handed, line in self.linker.values(path, facts):
            evidence = Evidence(path, line, "table", f"has {handed} as a value, which may be asked for any name")
            for unit in self._names_of(handed):
                self._add(self._holder(path, line), unit, BY_TABLE, evidence)
        if means or facts.open_namespace:
            evidence = Evidence(path, 0, "table", f"looks names up with {', '.join(sorted(means or {'globals'}))}")
            near = {module, *(edge.target for edge in self.edges.get(path, ()) if edge.kind in IMPORT_KINDS)}
            for unit in self.units.parts:
                if unit[0] in near:
                    self._add((module, ""), unit, BY_TABLE, evidence)
        walking = Evidence(path, 0, "table", "loads whatever lies in its package") if outline.looks_up & WALKS else None
        for evidence in filter(None, [self._computing.get(path), walking]):
            told = [text.value for text in facts.texts if text.value in self.modules.path_of]
            told += [value for _, value in facts.constants if value in self.modules.path_of]
            folders = tuple(f"{name}." for name in (self.modules.package_of(path), *told))
            for name in self.modules.path_of:
                if name.startswith(folders) and name != module:
                    self._add((module, ""), (name, ""), BY_TABLE, evidence)

    def _names_of(self, module: str) -> Iterator[Unit]:
        """What may go of all that a module defines or has from others."""
        facts = self.symbols.facts(module)
        names = {*self.symbols.defined(module), *self.symbols.bound_by_import(module)}
        for fact in facts.imports if facts is not None else ():
            base = self.modules.absolute(self.modules.path_of[module], fact.level, fact.module)
            if fact.names == (("*", "*"),) and base is not None:
                names |= self.symbols.defined(base)
        for name in names:
            symbol = self.symbols.resolve(module, name)
            if symbol is not None and (symbol.module, symbol.name) in self.units.parts:
                yield symbol.module, symbol.name

    def _put_together(self, beginnings: Mapping[str, Evidence], ends: Mapping[str, Evidence]) -> None:
        for name, units in (*self.units.named.items(), *self.stems.items()):
            found = [beginnings.get(begin) or ends.get(end) for begin, end in divisions(name)]
            for evidence in [*filter(None, found)][:1]:
                for unit in units:
                    self._add(self._holder(evidence.path, 0), unit, BY_TABLE, evidence)


def _told(edge: Edge) -> str:
    names = ", ".join(edge.names[:3])
    return f"{edge.kind} {edge.target}" + (f": {names}" if names else "")
