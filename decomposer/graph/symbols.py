"""Where a name is really defined: followed through barrels, aliases, stars and name tables."""

from __future__ import annotations

from typing import NamedTuple

from decomposer.graph.modules import Modules
from decomposer.model.facts import Import, PythonFacts


class Symbol(NamedTuple):
    """A definition: its module, and the qualified name in it ("" for the module itself).

    `external` is true when the name comes from outside the package; the module is then a guess at its name.
    """

    module: str
    name: str
    external: bool = False


class Symbols:
    """Looks names up as Python would, without running anything."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._bound: dict[str, dict[str, tuple[Import, str]]] = {}
        self._defined: dict[str, frozenset[str]] = {}
        self._cache: dict[tuple[str, str], Symbol | None] = {}

    def facts(self, module: str) -> PythonFacts | None:
        """The facts of a module by its dotted name, None where it has no file."""
        path = self.modules.path_of.get(module)
        return self.modules.facts.get(path) if path else None

    def resolve(self, module: str, name: str) -> Symbol | None:
        """What `module.name` is: a definition, a module, something external, or None when nothing binds it."""
        key = (module, name)
        if key not in self._cache:
            self._cache[key] = None  # a name that is imported in a circle is defined nowhere
            self._cache[key] = self._resolve(module, name)
        return self._cache[key]

    def has(self, module: str, name: str) -> bool:
        """Whether `from module import name` can work, as far as the text of that module tells.

        A name that it imports counts even where that import is broken itself: that is told where it stands.
        """
        if self.resolve(module, name) is not None or name in self.bound_by_import(module):
            return True
        return self._is_open(module, set())

    def extends_path(self, module: str) -> bool:
        """Whether a package changes its `__path__`, so that its modules may lie elsewhere."""
        facts = self.facts(module)
        return facts is not None and "__path__" in facts.bindings

    def follow(self, module: str, dotted: str) -> Symbol | None:
        """What a dotted name used in a module stands for, attribute by attribute."""
        head, _, rest = dotted.partition(".")
        return self.descend(self.resolve(module, head), rest)

    def descend(self, symbol: Symbol | None, rest: str) -> Symbol | None:
        """The symbol reached from another through attributes; unknown attributes stay with their owner."""
        while symbol is not None and rest and not symbol.external:
            head, _, tail = rest.partition(".")
            if symbol.name:
                inner = f"{symbol.name}.{head}"
                return Symbol(symbol.module, inner) if inner in self.defined(symbol.module) else symbol
            found = self.resolve(symbol.module, head)
            if found is None:
                return symbol
            symbol, rest = found, tail
        return symbol

    def from_import(self, path: str, fact: Import, bound: str) -> Symbol | None:
        """What one import statement binds a name to; None when it cannot be resolved."""
        for name, local in fact.names:
            if local != bound:
                continue
            if not fact.is_from:
                module = name if local != name.partition(".")[0] else local
                return Symbol(module, "", not self.modules.is_ours(module))
            base = self.modules.absolute(path, fact.level, fact.module)
            if base is None:
                return None
            if not self.modules.is_ours(base):
                return Symbol(base, name, True)
            return self.resolve(base, name)
        return None

    def defined(self, module: str) -> frozenset[str]:
        """Qualified names of the functions and classes a module defines."""
        if module not in self._defined:
            facts = self.facts(module)
            names = frozenset(d.name for d in facts.definitions) if facts else frozenset[str]()
            self._defined[module] = names
        return self._defined[module]

    def bound_by_import(self, module: str) -> dict[str, tuple[Import, str]]:
        """Names that a module's own import statements bind at module level, the last one winning."""
        if module not in self._bound:
            table: dict[str, tuple[Import, str]] = {}
            facts = self.facts(module)
            for fact in facts.imports if facts else ():
                if fact.kind == "lazy" or (fact.scope and fact.kind != "typing"):
                    continue
                for name, local in fact.names:
                    if local != "*":
                        # An optional import may be followed by its fallback: the first one is the wish.
                        if fact.kind == "optional" and local in table:
                            continue
                        table[local] = (fact, name)
            self._bound[module] = table
        return self._bound[module]

    def _resolve(self, module: str, name: str) -> Symbol | None:
        facts = self.facts(module)
        submodule = f"{module}.{name}"
        if facts is None:
            return Symbol(submodule, "") if self.modules.exists(submodule) else None
        if name in self.defined(module):
            return Symbol(module, name)
        path = self.modules.path_of[module]
        bound = self.bound_by_import(module).get(name)
        if bound is not None:
            fact, imported = bound
            if fact.is_from and self.modules.absolute(path, fact.level, fact.module) == module:
                # `from . import name` in the package itself
                inner = f"{module}.{imported}"
                return Symbol(inner, "") if self.modules.exists(inner) else None
            found = self.from_import(path, fact, name)
            if found is not None:
                return found
        if name in facts.bindings and bound is None:
            return Symbol(module, name)
        for fact in facts.imports:
            if fact.names == (("*", "*"),) and fact.kind != "lazy":
                base = self.modules.absolute(path, fact.level, fact.module)
                if base and self.modules.is_ours(base) and base != module and not name.startswith("_"):
                    found = self.resolve(base, name)
                    if found is not None:
                        return found
        if self.modules.exists(submodule):
            return Symbol(submodule, "")
        if facts.dynamic_getattr:
            for entry in facts.name_tables:
                if entry.scope == name:
                    target = self.relative(path, entry.value)
                    return self.resolve(target, name) if self.modules.exists(target) else None
        if bound is not None:
            return None
        return Symbol(module, name) if name.startswith("__") else None

    def relative(self, path: str, written: str) -> str:
        """The absolute name of a module as a name table writes it: `.jobs`, `app.jobs` or plain `jobs`."""
        dots = len(written) - len(written.lstrip("."))
        if dots:
            return self.modules.absolute(path, dots, written[dots:]) or ""
        if self.modules.is_ours(written):
            return written
        return f"{self.modules.package_of(path)}.{written}"

    def _is_open(self, module: str, seen: set[str]) -> bool:
        """Whether a module may have names that its text does not show."""
        if module in seen:
            return False
        seen.add(module)
        facts = self.facts(module)
        if facts is None:
            return module not in self.modules.folders
        if facts.error or facts.open_namespace or "__path__" in facts.bindings:
            return True
        if facts.dynamic_getattr:
            return True
        path = self.modules.path_of[module]
        for fact in facts.imports:
            if fact.names == (("*", "*"),):
                base = self.modules.absolute(path, fact.level, fact.module)
                if base is None or not self.modules.is_ours(base) or self._is_open(base, seen):
                    return True
        return False
