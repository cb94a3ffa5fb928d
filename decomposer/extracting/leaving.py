"""What leaves the monolith when contexts are cut over, and what each of its files would have to do without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from decomposer.extracting.tree import Tree
from decomposer.model.facts import Import, PythonFacts
from decomposer.model.pruning import Gone
from decomposer.rewrite.alias import alias_target

STARTING = re.compile(r"lifespan|startup|start_up|shutdown|on_event|on_start|on_stop")
"""Functions that run when an application starts or ends: each service has its own part of them."""
_INCLUDING = frozenset({"include", "mount"})


@dataclass(frozen=True)
class Leaving:
    """The contexts that are cut over, their modules by dotted name, and the files of aliases that lead to them."""

    contexts: tuple[str, ...]
    modules: frozenset[str]
    aliases: frozenset[str]


@dataclass(frozen=True)
class Use:
    """A place in a module from which routers are put together that uses what leaves, for something else than that."""

    line: int
    module: str
    name: str
    scope: str


@dataclass
class Part:
    """What is to be taken out of a module that puts routers together, and the uses for which that cannot be done.

    `bound` maps the names that go to the module that each comes from.
    """

    gone: Gone
    bound: dict[str, str]
    uses: list[Use] = field(default_factory=list)


def leaving(tree: Tree, contexts: Sequence[str]) -> Leaving:
    """The modules that the monolith finds in the services of these contexts."""
    code, root = tree.code, tree.config.root() + "/"
    folders = tuple(f"{tree.config.service(context)}/" for context in contexts)
    modules = {name for name, path in code.modules.path_of.items() if path.startswith(folders)}
    targets = {name: target for name, target in code.aliases().items() if code.path(name).startswith(root)}
    for name, path in code.modules.path_of.items():
        if path.startswith(root) and not tree.python[path].definitions:
            found = alias_target(tree.read(path) or b"")
            if found:
                targets[name] = found
    aliases: set[str] = set()
    size = -1
    while size != len(aliases):  # an alias may lead to another one
        size = len(aliases)
        known = modules | aliases
        aliases |= {name for name, target in targets.items()
                    if target in known or code.modules.longest(target)[0] in known}  # fmt: skip
    return Leaving(tuple(contexts), frozenset(modules | aliases), frozenset(code.path(name) for name in aliases))


def is_prunable(tree: Tree, module: str) -> bool:
    """Whether a module of the monolith puts routers together or hands on names, so that a part of it may go."""
    code = tree.code
    applications = {entry.partition(":")[0] for entry in tree.config.entries}
    inside = code.path(module).startswith(tree.config.root() + "/")
    return inside and (module in applications or code.is_parted(module))


def part_without(tree: Tree, what: Leaving, module: str) -> Part:
    """What goes from a module that puts routers together."""
    code, path = tree.code, tree.code.path(module)
    facts = code.of(module)
    statements = _inclusions(tree, what, path)
    wiring = _Wiring(facts)
    imports: set[tuple[int, str]] = set()
    bound: dict[str, str] = {}
    uses: list[Use] = []
    for fact in facts.imports:
        for name, target in imported(tree, path, fact):
            if target not in what.modules:
                continue
            used = [use for use in facts.uses if use.name.partition(".")[0] == name and _sees(use.scope, fact.scope)
                    and not wiring(use.scope) and use.line != fact.line]  # fmt: skip
            is_dotted = not fact.is_from and any(n != b and b == n.partition(".")[0] for n, b in fact.names)
            if not wiring(fact.scope) or is_dotted:
                uses.append(Use(fact.line, target, name, fact.scope))
            elif used:
                uses += [Use(use.line, target, name, use.scope) for use in used]
            else:
                imports.add((fact.line, name))
                bound[name] = target
    known = set(bound.values()) | {use.module for use in uses}
    for edge in code.graph.edges:
        if edge.path == path and edge.target in what.modules and edge.line not in statements and (
            edge.kind == "call" and edge.target not in known
        ):  # fmt: skip
            uses.append(Use(edge.line, edge.target, edge.names[0] if edge.names else "", edge.scope))
    texts = {(entry.line, entry.value) for entry in facts.name_tables
             if code.symbols.relative(path, entry.value.partition(":")[0]) in what.modules}  # fmt: skip
    keep = frozenset(_asked_for(tree, what, module))
    return Part(Gone(frozenset(imports), frozenset(statements), keep, texts=frozenset(texts)), bound, uses)


def imported(tree: Tree, path: str, fact: Import) -> Iterator[tuple[str, str]]:
    """Each name that an import binds, with the module of ours that it comes from in the end."""
    modules, symbols = tree.code.modules, tree.code.symbols
    base = modules.absolute(path, fact.level, fact.module)
    if base is None or not modules.is_ours(base):
        return
    for name, bound in fact.names:
        if not fact.is_from:
            yield bound, modules.longest(name)[0]
            continue
        symbol = None if name == "*" else symbols.resolve(base, name)
        yield bound, base if symbol is None or symbol.external else symbol.module


def _inclusions(tree: Tree, what: Leaving, path: str) -> set[int]:
    """The lines at which nothing but routers that leave are included or mounted."""
    lines: dict[int, set[bool]] = {}
    for edge in tree.code.graph.edges:
        if edge.kind == "route" and edge.path == path and edge.target:
            lines.setdefault(edge.line, set()).add(edge.target in what.modules)
    included = {event.line for event in tree.python[path].routes if event.action in _INCLUDING}
    return {line for line, leaves in lines.items() if leaves == {True} and line in included}


class _Wiring:
    """Whether a scope is one in which an application is put together, started or ended."""

    def __init__(self, facts: PythonFacts) -> None:
        self.scopes = {"", *(event.scope for event in facts.routes if event.action in _INCLUDING)}

    def __call__(self, scope: str) -> bool:
        return scope in self.scopes or any(STARTING.search(name) for name in scope.split("."))


def _sees(inner: str, outer: str) -> bool:
    """Whether a scope lies in another, and so sees its names."""
    return not outer or inner == outer or inner.startswith(outer + ".")


def _asked_for(tree: Tree, what: Leaving, module: str) -> Iterator[str]:
    """The names that others, tests and scripts among them, ask a module for."""
    modules = tree.code.modules
    gone = {tree.code.modules.path_of[name] for name in what.modules}
    for path, facts in tree.python.items():
        if path in gone:
            continue
        for fact in facts.imports:
            if fact.is_from and (modules.absolute(path, fact.level, fact.module) if path in modules.name_of
                                 else fact.module) == module:  # fmt: skip
                yield from (name for name, _ in fact.names)
    for edge in tree.code.graph.edges:
        if edge.kind in ("string", "config") and edge.target == module and edge.names:
            yield edge.names[0].partition(".")[0]
