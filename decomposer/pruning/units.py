"""What may be dead at all: the modules of the monolith, and those functions and classes that do nothing by being there.

What registers itself is never a unit of its own: decorated definitions, tables, classes of a base that keeps account.
"""

from __future__ import annotations

import builtins
from collections import Counter
from collections.abc import Mapping

from decomposer.graph.link import is_test
from decomposer.graph.symbols import Symbols
from decomposer.model.dead_code import Outline, Part

Unit = tuple[str, str]
"""A module, with "", or with the name of a function or class in it."""

_DECORATORS = frozenset({
    "abstractmethod", "asynccontextmanager", "cache", "contextmanager", "dataclass", "deprecated", "final", "lru_cache",
    "overload", "override", "runtime_checkable", "singledispatch", "total_ordering", "unique", "wraps",
})  # fmt: skip
"""Decorators that keep no account of what they decorate."""
_BASES = frozenset({
    "ABC", "BaseModel", "BaseSettings", "Enum", "Flag", "Generic", "IntEnum", "IntFlag", "NamedTuple", "Protocol",
    "SQLModel", "StrEnum", "TypedDict",
})  # fmt: skip
"""Base classes that keep no account of their subclasses, besides Python's own."""
_PLAIN = _BASES | {name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}
_HEADS = frozenset({"extra", "frozen", "from_attributes", "total", "validate_assignment"})
"""What may stand in a class's head besides its bases."""
WALKS = frozenset({"iter_modules", "walk_packages"})
"""Means by which a package loads whatever lies in it; the others reach names of a module, and of those it imports."""


class Units:
    """The functions and classes that may go by themselves, each with its place; `outlines` are by path.

    One that its module defines twice, or whose name Python itself asks for, is none, nor is any of a file that a
    program made: it would come again.
    """

    def __init__(self, symbols: Symbols, outlines: Mapping[str, Outline]) -> None:
        self.symbols, self.outlines = symbols, outlines
        self.modules = symbols.modules
        self._watched = any("__subclasses__" in outline.looks_up for outline in outlines.values())
        self.parts: dict[Unit, Part] = {}
        self.named: dict[str, list[Unit]] = {}
        """The functions and classes of each name."""
        for module, path in self.modules.path_of.items():
            if path in outlines and not is_test(path) and not outlines[path].is_generated:
                self._add(module, outlines[path])
        for unit in self.parts:
            self.named.setdefault(unit[1], []).append(unit)

    def holder(self, module: str, line: int) -> Unit:
        """What of a module a line belongs to: a function or class that may go, or the module itself."""
        for part in self.outlines[self.modules.path_of[module]].parts:
            if part.start <= line <= part.end and (module, part.name) in self.parts:
                return module, part.name
        return module, ""

    def _add(self, module: str, outline: Outline) -> None:
        times = Counter(part.name for part in outline.parts)
        for part in outline.parts:
            if times[part.name] > 1 or part.name.startswith("__"):
                continue
            if any(name.rpartition(".")[2] not in _DECORATORS for name in part.decorators):
                continue
            if part.kind == "function" or self._is_plain(module, part, ()):
                self.parts[module, part.name] = part

    def _is_plain(self, module: str, part: Part, seen: tuple[Unit, ...]) -> bool:
        """Whether a class does nothing by being there: no table or metaclass, no base that keeps account of it."""
        facts = self.symbols.facts(module)
        if facts is None or any(table.class_name == part.name for table in facts.tables):
            return False
        if not set(part.keywords) <= _HEADS or (module, part.name) in seen:
            return False
        return all(self._keeps_no_account(module, base, (*seen, (module, part.name))) for base in part.bases)

    def _keeps_no_account(self, module: str, base: str, seen: tuple[Unit, ...]) -> bool:
        last = base.rpartition(".")[2]
        found = self.symbols.follow(module, base) if base else None
        if found is None or found.external:
            return last in _PLAIN or last.endswith(("Error", "Exception", "Warning"))
        outline = self.outlines.get(self.modules.path_of.get(found.module, ""))
        if self._watched or outline is None:
            return False
        if f"{found.name}.__init_subclass__" in self.symbols.defined(found.module):
            return False
        above = [part for part in outline.parts if part.name == found.name and part.kind == "class"]
        return len(above) == 1 and self._is_plain(found.module, above[0], seen)
