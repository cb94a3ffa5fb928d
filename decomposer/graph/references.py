"""References that are not import statements: uses of names, strings, dynamic imports, configs."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.edges import Edge
from decomposer.model.facts import Import, PythonFacts, TextFacts, Use


class ReferenceLinker:
    """Turns uses, strings and dynamic imports into edges to the modules that really define what is meant."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.modules = symbols.modules

    def calls(self, source: str, path: str, facts: PythonFacts) -> Iterator[Edge]:
        """One `call` edge for each symbol of another module that a function or class uses (first line)."""
        scopes: dict[tuple[str, str], Import] = {}
        ours: set[str] = set()
        for fact in facts.imports:
            inside = fact.level > 0 or self.modules.is_ours(fact.module)
            for _, bound in fact.names:
                scopes.setdefault((fact.scope, bound), fact)
                if inside:
                    ours.add(bound)
        stars = [fact for fact in facts.imports if fact.names == (("*", "*"),)]
        if not ours:
            return
        heads: dict[tuple[str, str], Symbol | None] = {}
        seen: set[tuple[str, str, str]] = set()
        for use in facts.uses:
            head, _, rest = use.name.partition(".")
            if head not in ours and not stars:
                continue
            key = (use.scope, head)
            if key in heads:
                symbol = heads[key]
            else:
                symbol = heads[key] = self._head(path, head, use.scope, scopes, stars)
            if symbol is None:
                continue
            if rest:
                symbol = self.symbols.descend(symbol, rest)
                if symbol is None or symbol.external:
                    continue
            if not symbol.name or self.modules.path_of.get(symbol.module, path) == path:
                continue
            used = (use.scope, symbol.module, symbol.name)
            if used not in seen:
                seen.add(used)
                kind = "route" if use.role == "depends" else "call"
                yield Edge(source, symbol.module, kind, path, use.line, (symbol.name,), use.scope)

    def values(self, path: str, facts: PythonFacts) -> Iterator[tuple[str, int]]:
        """The modules of ours that a file has as values, each with a line: whoever gets one may ask it for any name.

        Those that it hands on by themselves (`run(migrations)`), and those that it imports by a name in a string.
        """
        scopes = {(fact.scope, bound): fact for fact in reversed(facts.imports) for _, bound in fact.names}
        for use in facts.uses:
            head, _, rest = use.name.partition(".")
            symbol = self._head(path, head, use.scope, scopes, [])
            for part in rest.split(".") if rest else ():
                symbol = self.symbols.resolve(symbol.module, part) if symbol and not symbol.name else None
            if symbol is not None and not symbol.external and not symbol.name and symbol.module in self.modules.path_of:
                yield symbol.module, use.line
        for dynamic in facts.dynamics:
            if dynamic.module and not dynamic.module.endswith("*"):
                for target in self._dynamic_targets(path, dynamic.module, dynamic.package):
                    yield target, dynamic.line

    def meant(self, path: str, facts: PythonFacts, scope: str, name: str) -> Symbol | None:
        """The symbol of another module that a dotted name means in a scope, None when it is nothing of ours."""
        asked = replace(facts, uses=(Use(0, scope, name),))
        return next((Symbol(edge.target, edge.names[0]) for edge in self.calls("", path, asked)), None)

    def _head(
        self, path: str, name: str, scope: str, scopes: dict[tuple[str, str], Import], stars: list[Import]
    ) -> Symbol | None:
        """What the first part of a used name is, None when it is nothing of ours."""
        owner = _scope_of(name, scope, scopes)
        if owner is None:
            symbol = self._from_star(path, stars, name)
        else:
            symbol = self.symbols.from_import(path, scopes[owner, name], name)
        return None if symbol is None or symbol.external else symbol

    def strings(self, source: str, path: str, facts: PythonFacts) -> Iterator[Edge]:
        """`string` edges: literals that are a module of ours, or begin with one at a boundary."""
        for fact in facts.texts:
            dotted = fact.value.replace(":", ".")
            if not self.modules.is_ours(dotted) or fact.role.endswith(("import_module", "__import__")):
                continue
            module, rest = self.modules.longest(dotted)
            if module == self.modules.package and rest and not self._names(module, rest):
                if "patch" in fact.role or "setattr" in fact.role:
                    reason = f"string `{fact.value}` names no module or attribute"
                    yield Edge(source, "", "string", path, fact.line, (fact.value,), fact.scope, reason)
                continue
            if module and self.modules.path_of[module] != path:
                yield Edge(source, module, "string", path, fact.line, (rest,) if rest else (), fact.scope)

    def dynamics(self, source: str, path: str, facts: PythonFacts) -> Iterator[Edge]:
        """`dynamic` edges: literal and patterned module names, and name tables where the name is computed."""
        computed = facts.dynamic_getattr
        for fact in facts.dynamics:
            if not fact.module or fact.module == "*":
                computed = True
                continue
            targets = self._dynamic_targets(path, fact.module, fact.package)
            for target in targets:
                yield Edge(source, target, "dynamic", path, fact.line, (), fact.scope)
            if not targets and fact.module.startswith((".", self.modules.package + ".")):
                reason = f"there is no module `{fact.module}`"
                yield Edge(source, "", "dynamic", path, fact.line, (), fact.scope, reason)
        if not computed:
            return
        found = False
        for entry in facts.name_tables:
            target = self.symbols.relative(path, entry.value.partition(":")[0])
            if target in self.modules.path_of and self.modules.path_of[target] != path:
                found = True
                names = (entry.scope,) if entry.scope else ()
                yield Edge(source, target, "dynamic", path, entry.line, names)
        if not found:
            for fact in facts.dynamics:
                if fact.module in ("", "*"):
                    reason = "the module name is computed when it runs"
                    yield Edge(source, "", "dynamic", path, fact.line, (), fact.scope, reason)

    def configs(self, path: str, facts: TextFacts) -> Iterator[Edge]:
        """`config` edges of a file that is not Python: dotted names and paths of modules in it."""
        for token, line in facts.tokens:
            module, rest = self._token(token)
            if module:
                yield Edge(path, module, "config", path, line, (rest,) if rest else ())

    def _token(self, token: str) -> tuple[str, str]:
        if "/" in token:
            for suffix, name in (("", ""), ("/__init__.py", "")):
                trimmed = token.rstrip("/") + suffix
                start = trimmed.find(f"{self.modules.package}/")
                if trimmed.endswith(".py") and start >= 0:
                    dotted = trimmed[start : -len(".py")].replace("/", ".").removesuffix(".__init__")
                    if dotted in self.modules.path_of:
                        return dotted, name
            return "", ""
        dotted = token.replace(":", ".")
        module, rest = self.modules.longest(dotted)
        if module == self.modules.package and rest and not self._names(module, rest):
            return "", ""
        return module, rest

    def _from_star(self, path: str, stars: list[Import], name: str) -> Symbol | None:
        for fact in stars:
            base = self.modules.absolute(path, fact.level, fact.module)
            if base and self.modules.is_ours(base):
                found = self.symbols.resolve(base, name)
                if found is not None:
                    return found
        return None

    def _names(self, module: str, rest: str) -> bool:
        return self.symbols.resolve(module, rest.partition(".")[0]) is not None

    def _dynamic_targets(self, path: str, written: str, package: str) -> list[str]:
        dots = len(written) - len(written.lstrip("."))
        if dots:
            anchor = self.modules.package_of(path)
            if package not in ("", "__name__", "__package__", "__spec__.parent"):
                anchor = package
            parts = anchor.split(".")
            base = parts[: len(parts) - dots + 1]
            written = ".".join([*base, written[dots:]]) if written[dots:] else ".".join(base)
        if written.endswith("*"):
            stem = written[:-1]
            if not self.modules.is_ours(stem.rstrip(".") or "*"):
                return []
            return [name for name in self.modules.path_of if name.startswith(stem) and name != stem]
        return [written] if written in self.modules.path_of else []


def _scope_of(name: str, scope: str, bound: dict[tuple[str, str], Import]) -> str | None:
    """The nearest scope around a use in which an import binds its first name; None when none does."""
    while True:
        if (scope, name) in bound:
            return scope
        if not scope:
            return None
        scope = scope.rpartition(".")[0]
