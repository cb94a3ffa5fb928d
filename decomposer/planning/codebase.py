"""A code base as planning sees it: modules by name, their owners, what each needs and which routes pass through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decomposer.assigning.owners import Assignment
from decomposer.graph.modules import Modules
from decomposer.graph.needs import Needs
from decomposer.graph.references import ReferenceLinker
from decomposer.graph.symbols import Symbols
from decomposer.model.config import CORE, Config
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts

HEALTH = frozenset({"/health", "/health/live", "/health/ready", "/metrics"})
"""What every service answers for itself."""
_DATA_LAYERS = frozenset({
    "domain", "models", "model", "schemas", "schema", "entities", "enums", "types", "constants", "config", "settings",
    "exceptions", "errors", "core", "db", "database", "storage", "utils", "common", "helpers", "lib", "shared",
})  # fmt: skip
"""Folders, or modules, whose name says that they hold no logic of one context."""


_INCLUDED = ("(include)", "(imports)", "autodiscover_tasks")
"""How the keywords, or calls, end by which task queues are told the modules that they are to load."""


def is_importable(module: str) -> bool:
    """Whether an import statement can name a module."""
    return all(part.isidentifier() for part in module.split("."))


class Codebase:
    """Answers what planning asks of a linked repository."""

    def __init__(
        self, config: Config, graph: Graph, assignment: Assignment, facts: Mapping[str, PythonFacts]
    ) -> None:  # fmt: skip
        self.config, self.graph, self.assignment, self.facts = config, graph, assignment, facts
        self.core = config.core_package()
        self.modules = Modules(config.source, config.package, facts, facts, config.homes)
        self.symbols = Symbols(self.modules)
        self.needs = Needs(self.symbols, graph)
        self.entry = config.entries[0].partition(":")[0] if config.entries else ""
        self.served = [route for route in graph.routes if route.entry and route.entry == (config.entries or ("",))[0]]
        self._linker, self._asked = ReferenceLinker(self.symbols), dict[str, frozenset[str]]()
        self.passing: dict[str, set[str]] = {}
        """Of each module that routes pass through, the contexts that own them."""
        for route in graph.routes:
            if route.module in self.modules.path_of:
                owner = assignment.context(route.source)
                for name in {route.module, *(step.partition(":")[0] for step in route.chain)}:
                    self.passing.setdefault(name, set()).add(owner)
        self._pass_on()
        self.inclusions: dict[str, list[tuple[int, str]]] = {}
        """Of each file the lines at which routers are included, with the module that each comes from."""
        for edge in graph.edges:
            if edge.kind == "route" and edge.target:
                self.inclusions.setdefault(edge.path, []).append((edge.line, edge.target))

    def _pass_on(self) -> None:
        """Lets routes pass through what includes their routers, and what calls a function that does, wherever it is."""
        including = {(edge.source, edge.scope) for edge in self.graph.edges if edge.kind == "route" and edge.scope}
        edges = [edge for edge in self.graph.edges if edge.target and edge.kind in ("route", "call")]
        changed = True
        while changed:
            changed = False
            for edge in edges:
                if edge.kind == "call" and (edge.target, *edge.names[:1]) not in including:
                    continue
                more = self.passing.get(edge.target, set()) - self.passing.get(edge.source, set())
                if more and edge.source in self.modules.path_of:
                    self.passing.setdefault(edge.source, set()).update(more)
                    changed = True
                if edge.kind == "call" and edge.scope and (edge.source, edge.scope) not in including:
                    including.add((edge.source, edge.scope))
                    changed = True

    def path(self, module: str) -> str:
        """The file of a module."""
        return self.modules.path_of[module]

    def of(self, module: str) -> PythonFacts:
        """What the file of a module says."""
        return self.facts[self.modules.path_of[module]]

    def owner(self, module: str) -> str:
        """The context that owns a module, CORE or ""."""
        return self.assignment.context(self.modules.path_of[module])

    def is_package(self, module: str) -> bool:
        """Whether a module is a package's `__init__.py`."""
        return self.modules.is_package(self.modules.path_of[module])

    def in_core(self, module: str) -> bool:
        """Whether a module has gone to the core already."""
        return module.partition(".")[0] == self.core

    def is_alias(self, module: str) -> bool:
        """Whether a module only hands on what the core has, or a service in a package of its own."""
        facts = self.of(module)
        if self.is_package(module) or self.in_core(module):
            return False
        imported = {bound for fact in facts.imports for _, bound in fact.names}
        defined = {d.name.partition(".")[0] for d in facts.definitions} | (set(facts.bindings) - imported)
        if defined - {"_Alias", "_NAMES"}:
            return False
        here = module.partition(".")[0]
        ours = [fact.module for fact in facts.imports if self.modules.is_ours(fact.module) or fact.level]
        return bool(ours) and all(self.modules.is_ours(name) and name.partition(".")[0] != here for name in ours)

    def is_in_core_now(self, module: str) -> bool:
        """Whether all that is left of a module here is an alias of the core's."""
        return self.is_alias(module) and all(
            fact.module.partition(".")[0] == self.config.core_package()
            for fact in self.of(module).imports if self.modules.is_ours(fact.module)
        )  # fmt: skip

    def aliases(self) -> dict[str, str]:
        """The modules that only hand on one of another package, each with that one."""
        found: dict[str, str] = {}
        for module in self.modules.path_of:
            if self.is_alias(module):
                targets = {fact.module for fact in self.of(module).imports if self.modules.is_ours(fact.module)}
                if len(targets) == 1:
                    found[module] = targets.pop()
        return found

    def asked_for_any(self, module: str) -> frozenset[str]:
        """The modules that a module has as values, and may ask for any name; itself, where it looks itself up."""
        if module not in self._asked:
            found = self._linker.values(self.path(module), self.of(module))
            self._asked[module] = frozenset(name for name, _ in found)
        return self._asked[module]

    def is_parted(self, module: str) -> bool:
        """Whether each service gets a part of a module: the entry, a barrel, what puts routers or tasks together."""
        if module == self.entry or self.is_package(module):
            return True
        if self.owner(module) not in (CORE, ""):
            return False
        return len(self.passing.get(module, set())) > 1 or any(self.loaded_by_name(module))

    def loaded_by_name(self, module: str) -> Iterator[tuple[int, str, str]]:
        """The line, the string and the module of each string by which a module loads modules of contexts.

        Those that it hands on as `include` or `imports`, as task queues call it, or lists where it imports what is
        computed; with those that begin with such a module's name. A package's barrel has a table of names, which is
        another thing.
        """
        if self.is_package(module):
            return
        facts = self.of(module)
        computed = any(not dynamic.module for dynamic in facts.dynamics)
        outside = [text for text in facts.texts if not text.scope]
        loaded = {
            text.value for text in outside if self._named(text.value) == text.value
            and (text.role.endswith(_INCLUDED) or (computed and not text.role))
        }
        loaded = {name for name in loaded if name != module and self.owner(name) not in (CORE, "")}
        if not loaded:
            return
        for text in outside:
            name = self._named(text.value)
            if name in loaded:
                yield text.line, text.value, name

    def _named(self, text: str) -> str:
        """The module that a dotted string names, or names something in; "" for none."""
        while "." in text:
            if text in self.modules.path_of:
                return text
            text = text.rpartition(".")[0]
        return ""

    def has_code(self, module: str) -> bool:
        """Whether a package defines things in its `__init__.py` besides handing on names, and no routes meet there."""
        if not self.is_package(module) or module in self.passing:
            return False
        facts = self.of(module)
        imported = {bound for fact in facts.imports for _, bound in fact.names}
        extended = {"__path__", "_realpath", "folder"} if "__path__" in facts.bindings else set()
        return not facts.dynamic_getattr and bool(
            {d.name for d in facts.definitions if "." not in d.name}
            | (set(facts.bindings) - imported - extended - {"__all__", "__version__"})
        )

    def is_shareable(self, module: str) -> bool:
        """Whether a module holds tables, schemas, settings or helpers: what contexts may have in common.

        One that no import statement can name, as a migration, is nothing that others build upon.
        """
        if not is_importable(module):
            return False
        if self.owner(module) == CORE or self.of(module).tables:
            return True
        if module in self.passing:
            return False
        parts = module.split(".")[1:]
        named = set(parts[:-1]) | ({parts[0]} if len(parts) == 1 else set())
        return bool(named & _DATA_LAYERS) or self._holds_data_only(module)

    def _holds_data_only(self, module: str) -> bool:
        """Whether nothing but classes without methods, and constants, is defined."""
        facts = self.of(module)
        return not any(d.kind == "function" for d in facts.definitions) and bool(facts.definitions)
