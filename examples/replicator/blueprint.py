"""A blueprint as values, and the questions that the writers ask of it."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent / "blueprints"
FILES = {"bootable": "bootable.json.gz", "plan": "plan-state.json.gz"}


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: its text, where it stands, and what it binds to which name."""

    text: str
    place: str
    source: str  # "" for a plain `import`
    names: tuple[tuple[str, str], ...]  # (name as written, name it binds)

    @classmethod
    def parse(cls, entry: str) -> Import:
        """Read `[@place] statement`."""
        place, text = entry[1:].split(" ", 1) if entry.startswith("@") else ("top", entry)
        source, listed = "", text.removeprefix("import ")
        if text.startswith("from "):
            source, listed = text[5:].split(" import ")
        names = []
        for item in listed.split(", "):
            name, _, alias = item.partition(" as ")
            names.append((name, alias or (name if source else name.split(".")[0])))
        return cls(text, place, source, tuple(names))


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method and its physical lines from `def` to its end, decorators not counted."""

    name: str
    loc: int
    is_async: bool

    @classmethod
    def parse(cls, entry: str) -> Function:
        """Read `[async] name lines`."""
        *prefix, name, loc = entry.split()
        return cls(name, int(loc), bool(prefix))


@dataclass(frozen=True, slots=True)
class Class:
    """A class, its bases as written, its methods, and what is known about its table."""

    name: str
    loc: int
    bases: tuple[str, ...]
    methods: tuple[Function, ...]
    is_table: bool = False
    tablename: str | None = ""  # None: it is given, by a name whose value is not known
    foreign_keys: tuple[str, ...] = ()
    relationships: int = 0

    @classmethod
    def parse(cls, head: str, methods: list[str], table: dict[str, Any] | None = None) -> Class:
        """Read `Name(Base, Base) lines` and what follows it."""
        found = re.fullmatch(r"(\w+)\((.*)\) (\d+)", head)
        assert found, head
        name, bases, loc = found.groups()
        table = table or {}
        return cls(
            name,
            int(loc),
            tuple(filter(None, bases.split(", "))),
            tuple(map(Function.parse, methods)),
            bool(table.get("table")),
            table.get("tablename", ""),
            tuple(table.get("foreign_keys", ())),
            table.get("relationships", 0),
        )

    @property
    def table(self) -> str:
        """The table's name: SQLModel takes the class's own where none is given."""
        return self.tablename or self.name.lower()


@dataclass(frozen=True)
class Module:
    """One file of the application."""

    path: str
    loc: int
    imports: tuple[Import, ...]
    classes: tuple[Class, ...]
    functions: tuple[Function, ...]
    routers: dict[str, dict[str, Any]]
    routes: tuple[tuple[str, str, str, str], ...]  # router, method, path, handler
    includes: tuple[tuple[str, dict[str, Any]], ...]  # router, keyword arguments

    @classmethod
    def parse(cls, entry: dict[str, Any]) -> Module:
        """Read one entry of the compact file."""
        return cls(
            entry["path"],
            entry["loc"],
            tuple(map(Import.parse, entry.get("imports", ()))),
            tuple(Class.parse(*item) for item in entry.get("classes", ())),
            tuple(map(Function.parse, entry.get("functions", ()))),
            entry.get("routers", {}),
            tuple(tuple(item.split(" ")) for item in entry.get("routes", ())),
            tuple((router, options) for router, options in entry.get("includes", ())),
        )

    @cached_property
    def is_package(self) -> bool:
        """Whether relative imports start at the module itself."""
        return self.path.endswith("/__init__.py")

    @cached_property
    def name(self) -> str:
        """The dotted name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def outer(self) -> tuple[Import, ...]:
        """The imports that do not stand inside a function."""
        return tuple(item for item in self.imports if item.place != "function")

    @cached_property
    def bound(self) -> dict[str, str]:
        """Name -> its absolute dotted origin, for all that the module imports outside functions."""
        found = {}
        for item in self.outer:
            for name, local in item.names:
                source = self.target(item)
                found[local] = f"{source}.{name}" if source else name
        return found

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of its own classes, functions and routers."""
        names = {item.name for item in self.classes} | {item.name for item in self.functions}
        return frozenset(names | self.routers.keys())

    def has(self, **origins: str) -> bool:
        """Whether every name is bound to what is given: `has(Field="sqlmodel.Field")`."""
        return all(self.bound.get(name) == origin for name, origin in origins.items())

    def target(self, item: Import) -> str:
        """The absolute name that a `from` import names; "" for a plain import or one with too many dots."""
        source = item.source.lstrip(".")
        level = len(item.source) - len(source)
        if not level:
            return source
        parts = self.name.split(".")[: None if self.is_package else -1]
        kept = parts[: len(parts) - level + 1]
        return ".".join([*kept, source] if source else kept) if level <= len(parts) else ""


@dataclass(frozen=True)
class Blueprint:
    """All modules in order."""

    files: tuple[Module, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.files)

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Dotted name -> what Python loads under it: where `x.py` and `x/` collide, the package."""
        return {module.name: module for module in sorted(self.files, key=lambda module: module.is_package)}

    def find(self, module: Module, name: str, depth: int = 0) -> tuple[Module, Class | Function] | None:
        """The class or function behind a name, and its module, through re-exports; None if it is neither."""
        own: tuple[Class | Function, ...] = (*module.classes, *module.functions)
        for item in own:
            if item.name == name:
                return module, item
        lazily = self.lazy_exports(module).get(name)
        if lazily:
            return self.find(self.modules[lazily], name)
        for statement in module.outer:
            source = self.modules.get(module.target(statement))
            for written, local in statement.names:
                if source and depth < 9 and (local == name or written == "*"):
                    found = self.find(source, name if written == "*" else written, depth + 1)
                    if found:
                        return found
        return None

    def kind(self, module: Module, cls: Class) -> str:
        """What a class is, by its own bases or an ancestor's: enum, settings, model, error or plain."""
        kinds = {
            "StrEnum": "enum",
            "Enum": "enum",
            "BaseSettings": "settings",
            "BaseModel": "model",
            "SQLModel": "model",
            "Base": "model",
            "Exception": "error",
        }
        for base in cls.bases:
            if base in kinds:
                return kinds[base]
            home, parent = self.find(module, base) or (module, None)
            if (
                isinstance(parent, Class)
                and parent is not cls
                and (kind := self.kind(home, parent)) != "plain"
            ):
                return kind
        return "plain"

    @cached_property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """Module -> names that others import from it and that it neither defines nor imports."""
        found: dict[str, dict[str, None]] = {}
        for module in self:
            for item in module.imports:
                source = self.modules.get(module.target(item))
                if source is None:
                    continue
                given = source.defined | source.bound.keys()
                for name, _ in item.names:
                    if name not in given and name != "*" and f"{source.name}.{name}" not in self.modules:
                        found.setdefault(source.name, {})[name] = None
        return {module: tuple(names) for module, names in found.items()}

    def variables(self, module: Module) -> list[str]:
        """The wanted names that look like variables.

        The blueprint lists every class and function. A wanted name that looks like one of those and is not
        listed is missing in the application too: a reference that must stay unresolved.
        """
        names = self.wanted.get(module.name, ())
        return [
            name for name in names if name.isupper() or not (name[0].isupper() or name.startswith("get_"))
        ]

    def lazy_exports(self, package: Module) -> dict[str, str]:
        """Wanted class -> the module below that defines it, for a package with a `__getattr__` of its own."""
        if not any(item.name == "__getattr__" for item in package.functions):
            return {}
        return {
            name: module.name
            for name in sorted(self.wanted.get(package.name, ()))
            for module in self
            if module.name.rpartition(".")[0] == package.name and name in module.defined
        }

    @cached_property
    def referenced_columns(self) -> dict[str, tuple[str, ...]]:
        """Table -> its columns other than `id` that foreign keys point to."""
        keys = {key for module in self for cls in module.classes for key in cls.foreign_keys}
        found: dict[str, list[str]] = {}
        for key in sorted(keys):
            *_, table, column = key.split(".")
            if column != "id":
                found.setdefault(table, []).append(column)
        return {table: tuple(columns) for table, columns in found.items()}

    @cached_property
    def repeated_tables(self) -> frozenset[str]:
        """Tables that two classes declare."""
        count = Counter(cls.table for module in self for cls in module.classes if cls.is_table)
        return frozenset(table for table, times in count.items() if times > 1)


def load(state: str) -> Blueprint:
    """The blueprint of a state, `bootable` or `plan`."""
    entries = json.loads(gzip.decompress((HERE / FILES[state]).read_bytes()))
    return Blueprint(tuple(map(Module.parse, entries)))
