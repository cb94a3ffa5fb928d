"""Which modules can see each other half loaded: the only ones whose load has to be looked at closely.

A module sees another one half loaded when it names it while that one is waiting, directly or not, for its own
load to end. The parents of a module are loaded before it, so that it never waits for them to begin; they may be
waiting for it, though, and it may name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from decomposer.graph.algorithms import parents
from decomposer.graph.modules import Modules
from decomposer.model.facts import Import, PythonFacts

_RUN = frozenset({"load", "optional"})


class Program(Struct, frozen=True):
    """A package as it is, or will be: its modules, the facts of its files by path, and their bytes."""

    modules: Modules
    facts: Mapping[str, PythonFacts]
    read: Callable[[str], bytes | None]


class LoadGraph(Struct, frozen=True):
    """By module: those that it loads (`loads`), and those that it names while it loads (`names`)."""

    loads: dict[str, set[str]]
    names: dict[str, set[str]]

    def together(self) -> dict[str, set[str]]:
        """Both as one."""
        return {module: self.loads[module] | self.names[module] for module in self.loads}


def load_graph(program: Program) -> LoadGraph:
    """What every module of a program loads and names, from facts alone; rather too much than too little."""
    modules = program.modules
    loads: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    above: dict[str, list[str]] = {}
    for module, path in modules.path_of.items():
        targets = set(_targets(program, path))
        named = {target for target in targets if modules.exists(target)}
        loaded = set(named)
        for target in targets:  # a module that is not there has parents that are, and are loaded
            if target not in above:
                above[target] = [parent for parent in parents(target) if modules.exists(parent)]
            loaded.update(above[target])
        loaded.difference_update(parents(module))
        loaded.discard(module)
        loads[module], names[module] = loaded, named
    return LoadGraph(loads, names)


def _targets(program: Program, path: str) -> Iterator[str]:
    """The absolute names of whatever the module at a path names while it is being loaded."""
    modules = program.modules
    facts = program.facts.get(path)
    if facts is None:
        return
    for fact in facts.imports:
        if fact.kind in _RUN:
            yield from _imported(program, path, fact)
    for dynamic in facts.dynamics:
        if not dynamic.scope and dynamic.module:
            name = dynamic.module.lstrip(".")
            yield modules.absolute(path, len(dynamic.module) - len(name), name) or ""


def _imported(program: Program, path: str, fact: Import) -> Iterator[str]:
    modules = program.modules
    base = modules.absolute(path, fact.level, fact.module)
    if base is None or not modules.is_ours(base):
        return
    yield base
    if not fact.is_from:
        if fact.names[0][1] == base.partition(".")[0]:  # `import a.b` binds `a`, whose attributes are then used
            yield from parents(base)
        return
    source = program.facts.get(modules.path_of.get(base, ""))
    lazy = source is not None and source.dynamic_getattr
    for name, _ in fact.names:
        submodule = f"{base}.{name}"
        if modules.exists(submodule):
            yield submodule
        elif lazy and source is not None:
            yield from lazy_targets(program, modules.path_of[base], source, name)
    if fact.names[0][0] == "*" and source is not None:
        yield from (f"{base}.{name}" for name in source.exports or () if modules.exists(f"{base}.{name}"))


def lazy_targets(program: Program, path: str, facts: PythonFacts, name: str) -> Iterator[str]:
    """The modules that a package's `__getattr__` loads when it is asked for a name, as far as its text tells."""
    modules = program.modules
    for entry in facts.name_tables:
        if entry.scope == name or (not entry.scope and entry.value.lstrip(".") == name):
            yield relative(modules, path, entry.value)
    for fact in facts.imports:
        if fact.kind == "lazy" and fact.scope == "__getattr__" and any(name in pair for pair in fact.names):
            base = modules.absolute(path, fact.level, fact.module) or ""
            yield base
            yield from (f"{base}.{n}" for n, _ in fact.names if modules.exists(f"{base}.{n}"))


def relative(modules: Modules, path: str, written: str) -> str:
    """The absolute name of a module as a name table writes it: `.jobs`, `app.jobs` or plain `jobs`."""
    name = written.lstrip(".")
    dots = len(written) - len(name)
    if dots or modules.is_ours(written):
        return modules.absolute(path, dots, name) or ""
    return f"{modules.package_of(path)}.{written}"


def cycles(leads_to: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """The groups of modules that lead to each other, and the modules that lead to themselves.

    Tarjan's algorithm without recursion: the package that the graph uses takes longer to import than this to run.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    inside: set[str] = set()
    found: list[frozenset[str]] = []
    for root in leads_to:
        if root in order:
            continue
        work = [(root, iter(leads_to[root]))]
        order[root] = lowest[root] = len(order)
        waiting.append(root)
        inside.add(root)
        while work:
            module, targets = work[-1]
            for target in targets:
                if target not in order:
                    order[target] = lowest[target] = len(order)
                    waiting.append(target)
                    inside.add(target)
                    work.append((target, iter(leads_to.get(target, ()))))
                    break
                if target in inside:
                    lowest[module] = min(lowest[module], order[target])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[module])
                if lowest[module] == order[module]:
                    place = waiting.index(module)
                    group = frozenset(waiting[place:])
                    del waiting[place:]
                    inside -= group
                    if len(group) > 1 or module in leads_to.get(module, ()):
                        found.append(group)
    return found
