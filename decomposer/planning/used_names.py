"""What a context uses of another's modules: each name, how it is spelled, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from decomposer.model.crossing import Crossing
from decomposer.model.signatures import Asked, Signatures
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents
from decomposer.syntax.asked import attributes_of, read_asked
from decomposer.syntax.caught import read_caught
from decomposer.syntax.signatures import read_signatures


@dataclass
class Sources:
    """The signatures of modules, and what modules do with names of others, each read once."""

    code: Codebase
    read: Callable[[str], bytes | None]
    known: dict[str, Signatures | None] = field(default_factory=dict)
    everything: dict[str, frozenset[str]] = field(default_factory=dict)

    def signatures(self, module: str) -> Signatures | None:
        """What a module defines, None where there is none that can be read."""
        if module not in self.known:
            path = self.code.modules.path_of.get(module, "")
            try:
                self.known[module] = read_signatures(self.read(path) or b"") if path else None
            except (SyntaxError, ValueError, RecursionError):
                self.known[module] = None
        return self.known[module]

    def asked(self, module: str, name: str, makes: bool) -> Asked:
        """What a module does with a dotted name."""
        try:
            return read_asked(self.read(self.code.path(module)) or b"", name, makes)
        except (SyntaxError, ValueError, RecursionError):
            return Asked(frozenset(), 1)

    def caught(self, module: str, names: Collection[str]) -> list[tuple[str, int]]:
        """The exceptions that a module catches around uses of some dotted names, with their lines."""
        try:
            return list(read_caught(self.read(self.code.path(module)) or b"", names))
        except (SyntaxError, ValueError, RecursionError):
            return []

    def attributes(self, module: str) -> frozenset[str]:
        """Every attribute that a module asks anything for."""
        if module not in self.everything:
            try:
                self.everything[module] = attributes_of(self.read(self.code.path(module)) or b"")
            except (SyntaxError, ValueError, RecursionError):
                self.everything[module] = frozenset()
        return self.everything[module]


@dataclass(frozen=True)
class Used:
    """A name of a module that a context uses, how each of its modules spells it, and where."""

    name: str
    spelled: tuple[tuple[str, str], ...]
    by: str
    line: int


def used_names(code: Codebase, found: Contents, module: str) -> Iterator[Used | Crossing]:
    """Each name of a module that a service's modules use; a Crossing for a use of which no name is known."""
    names: dict[str, list[tuple[str, str]]] = {}
    first: dict[str, tuple[str, int]] = {}
    for user in sorted((*found.own, *found.copies)):
        for need in code.needs.of(user):
            if need.via == module != need.module and need.name:
                yield Crossing(need.name, "value", code.path(user), need.line, f"it is handed on from {need.module}",
                               f"import it from {need.module}")  # fmt: skip
        needs = [need for need in code.needs.of(user) if need.module == module]
        prefixes = [need.bound if need.bound != module.partition(".")[0] else module
                    for need in needs if not need.name and need.bound]  # fmt: skip
        for need in needs:
            place = code.path(user), need.line
            if need.kind == "table":
                yield Crossing(module, "table", *place, "a foreign key or relationship refers to its table",
                               "share the table's module")  # fmt: skip
            elif need.name == "*":
                yield Crossing(module, "module", *place, "all its names are imported", "import the names that are used")
            elif need.name:
                first.setdefault(need.name, (user, need.line))
                spelled = [need.bound] if need.bound else [f"{prefix}.{need.name}" for prefix in prefixes]
                names.setdefault(need.name, []).extend((user, name) for name in spelled)
            elif not need.bound:
                yield Crossing(module, "module", *place, "it is loaded by its name: what is used of it is not known",
                               "import what is used")  # fmt: skip
    for name in sorted(names):
        yield Used(name, tuple(dict.fromkeys(names[name])), *first[name])
