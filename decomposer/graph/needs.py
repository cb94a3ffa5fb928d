"""What a module needs of others so that it works alone: every name followed to the module that defines it."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.edges import Edge, Graph, Need
from decomposer.model.facts import Import, PythonFacts

_RUNS = frozenset({"load", "lazy", "optional"})


class Needs:
    """Finds the needs of modules in a linked code base; imports under `TYPE_CHECKING` are none."""

    def __init__(self, symbols: Symbols, graph: Graph) -> None:
        self.symbols = symbols
        self.modules = symbols.modules
        self._edges: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            if edge.kind in ("call", "route", "table", "dynamic") and edge.target:
                self._edges.setdefault(edge.path, []).append(edge)
        self._found: dict[str, tuple[Need, ...]] = {}

    def of(self, module: str) -> tuple[Need, ...]:
        """Everything that a module needs, each once, in the order in which it is written."""
        if module not in self._found:
            path = self.modules.path_of.get(module, "")
            facts = self.modules.facts.get(path)
            found = dict.fromkeys(self._needs(module, path, facts)) if facts is not None else {}
            self._found[module] = tuple(found)
        return self._found[module]

    def _needs(self, module: str, path: str, facts: PythonFacts) -> Iterator[Need]:
        whole: dict[str, str] = {}
        used = {use.name for use in facts.uses}
        for fact in facts.imports:
            if fact.kind in _RUNS:
                for need in self._imported(path, fact):
                    yield need
                    if not need.name:
                        whole[need.module] = self._prefix(need, fact)
                        yield from self._attributes(need, whole[need.module], facts)
        for edge in self._edges.get(path, ()):
            if edge.target == module:
                continue
            name = edge.names[0].partition(".")[0] if edge.names else ""
            via = edge.target
            for other, prefix in whole.items():  # `from .. import domain` and `domain.Job`: it must hand on the name
                asked = name and other != edge.target and any(f"{u}.".startswith(f"{prefix}{name}.") for u in used)
                if asked and self.symbols.resolve(other, name) == Symbol(edge.target, name):
                    via = other
            kind = "table" if edge.kind == "table" else "lazy" if edge.scope else "load"
            yield Need(edge.target, via, "" if edge.kind in ("table", "dynamic") else name, kind, edge.line, edge.scope)

    def _prefix(self, need: Need, fact: Import) -> str:
        """How what is asked of a module begins, that is imported as such: `domain.`."""
        renamed = fact.is_from or all(name != need.module for name, bound in fact.names if bound == need.bound)
        return f"{need.bound if renamed or need.bound != need.module.partition('.')[0] else need.module}."

    def _attributes(self, need: Need, start: str, facts: PythonFacts) -> Iterator[Need]:
        """What a package that is imported as such is asked for: `from . import routers` and `routers.orders`."""
        if not self.modules.is_package(self.modules.path_of[need.module]):
            return
        for use in facts.uses:
            if use.name.startswith(start):
                name = use.name[len(start) :].partition(".")[0]
                symbol = self.symbols.resolve(need.module, name)
                if symbol is not None and not symbol.external and symbol.module in self.modules.path_of:
                    kind = "lazy" if use.scope else "load"
                    yield Need(symbol.module, need.module, name, kind, use.line, use.scope, start + name)

    def _imported(self, path: str, fact: Import) -> Iterator[Need]:
        base = self.modules.absolute(path, fact.level, fact.module)
        if base is None or not self.modules.is_ours(base):
            return
        if not self.modules.exists(base):  # broken: it fails in the service as it does in the monolith
            above = self.modules.longest(base)[0]
            if self.modules.is_package(self.modules.path_of.get(above, "")):
                yield Need(above, above, "", fact.kind, fact.line, fact.scope)
            return
        old = "" if fact.level else self.modules.old_package(fact.module)
        if old:
            yield Need(old, old, "", fact.kind, fact.line, fact.scope)
        for name, bound in fact.names:
            if not fact.is_from:
                if base in self.modules.path_of:
                    yield Need(base, base, "", fact.kind, fact.line, fact.scope, bound)
                continue
            symbol = Symbol(base, "*") if name == "*" else self.symbols.resolve(base, name)
            if symbol is None or symbol.external:
                if base in self.modules.path_of:  # what the barrel has from outside, or a name that its text hides
                    yield Need(base, base, name, fact.kind, fact.line, fact.scope, bound)
            elif symbol.module in self.modules.path_of:
                is_child = symbol == Symbol(f"{base}.{name}", "")
                via = base if base in self.modules.path_of and not is_child else symbol.module
                yield Need(symbol.module, via, "" if is_child else name, fact.kind, fact.line, fact.scope, bound)
