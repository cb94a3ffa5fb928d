"""Import statements as edges: which modules they load, and what is wrong with those that cannot be resolved."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.graph.symbols import Symbols
from decomposer.model.edges import Edge
from decomposer.model.facts import Import


class ImportLinker:
    """Turns the import facts of files into edges."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.modules = symbols.modules

    def edges(self, source: str, path: str, fact: Import) -> Iterator[Edge]:
        """The edges of one statement: one for each module it names, one to nothing for each that is missing."""
        modules = self.modules
        if fact.level and path not in modules.name_of:
            return  # relative to a package of somebody else
        base = modules.absolute(path, fact.level, fact.module)
        names = tuple(name for name, _ in fact.names)
        if base is None:
            written = "." * fact.level + fact.module
            reason = f"`{written}` climbs above the top package"
            yield Edge(source, "", fact.kind, path, fact.line, names, fact.scope, reason, self._meant(fact, path))
            return
        if not modules.is_ours(base):
            return
        if not fact.is_from:
            yield from self._plain(source, path, fact, base)
            return
        if not modules.exists(base):
            yield self._missing(source, path, fact, base, names)
            return
        targets: dict[str, list[str]] = {}
        missing: list[str] = []
        for name in names:
            submodule = f"{base}.{name}"
            if name != "*" and submodule in modules.path_of:
                targets.setdefault(submodule, []).append(name)
                continue
            targets.setdefault(base, []).append(name)
            if name != "*" and submodule not in modules.folders and not self.symbols.has(base, name):
                missing.append(name)
        for target, used in targets.items():
            if target in modules.path_of:
                yield Edge(source, target, fact.kind, path, fact.line, tuple(used), fact.scope)
        for name in missing:
            reason = f"module `{base}` has no name `{name}`"
            meant = self._definition(name, base)
            yield Edge(source, "", fact.kind, path, fact.line, (name,), fact.scope, reason, meant)

    def _plain(self, source: str, path: str, fact: Import, name: str) -> Iterator[Edge]:
        if name in self.modules.path_of:
            yield Edge(source, name, fact.kind, path, fact.line, (), fact.scope)
        elif name not in self.modules.folders:
            yield self._missing(source, path, fact, name, ())

    def _missing(self, source: str, path: str, fact: Import, module: str, names: tuple[str, ...]) -> Edge:
        """An edge to nothing for a module that is not there, or not in this repository."""
        parent = module.rpartition(".")[0]
        while parent:
            if self.symbols.extends_path(parent):
                reason = f"`{module}` is not here, but `{parent}` extends its `__path__`: it may lie elsewhere"
                return Edge(source, "", fact.kind, path, fact.line, names, fact.scope, reason)
            parent = parent.rpartition(".")[0]
        reason, meant = f"there is no module `{module}`", self._meant(fact, path)
        return Edge(source, "", fact.kind, path, fact.line, names, fact.scope, reason, meant)

    def _meant(self, fact: Import, path: str) -> str:
        """The module an unresolved import evidently means, "" when nothing is evident.

        Evident is: the same name with another number of dots; or the only module whose name ends alike and
        which has every name that is imported.
        """
        modules = self.modules
        names = [name for name, _ in fact.names if name != "*"] if fact.is_from else []
        depth = len(modules.package_of(path).split("."))
        for level in range(1, depth + 1):
            candidate = modules.absolute(path, level, fact.module)
            if candidate in modules.path_of and fact.module and self._has_all(candidate, names):
                return candidate
        last = fact.module.rpartition(".")[2]
        candidates = [c for c in modules.by_last.get(last, ()) if self._has_all(c, names)]
        if len(candidates) > 1:
            overlap = {c: len(set(c.split(".")) & set(fact.module.split("."))) for c in candidates}
            best = max(overlap.values())
            candidates = [c for c in candidates if overlap[c] == best]
        if len(candidates) == 1:
            return candidates[0]
        return self._definition(names[0], "") if len(names) == 1 else ""

    def _has_all(self, module: str, names: list[str]) -> bool:
        return all(
            f"{module}.{name}" in self.modules.path_of or self.symbols.resolve(module, name) is not None
            for name in names
        )

    def _definition(self, name: str, besides: str) -> str:
        """The only module that defines a name (or is called so), "" when there is none or more than one."""
        if len(name) < 4:
            return ""
        found = [m for m in self.modules.path_of if m != besides and name in self.symbols.defined(m)]
        found = found or [m for m in self.modules.by_last.get(name, ()) if m != besides]
        return found[0] if len(found) == 1 else ""
