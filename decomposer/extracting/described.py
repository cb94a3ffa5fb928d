"""Everything that is to run, as the tree tells: the monolith, the services that have left, and the routes of all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from decomposer.changeset import Write
from decomposer.checks.answering import owner_key
from decomposer.extracting.served import alone, entry_names
from decomposer.extracting.tree import Tree
from decomposer.facts.called import called
from decomposer.facts.copied import origin
from decomposer.model.config import COPIES, CORE, Context
from decomposer.model.edges import IMPORT_KINDS
from decomposer.model.facts import PythonFacts
from decomposer.model.problems import Problem
from decomposer.planning.codebase import HEALTH
from decomposer.planning.states import State, states
from decomposer.scaffold.distributions import Guess, Place, Sources, requirements
from decomposer.scaffold.local import asked_for, find_local, folders_above, local_packages, projects_above
from decomposer.scaffold.monolith import find_monolith
from decomposer.scaffold.requirements import locked_names, required_python
from decomposer.scaffold.system import Contract, Local, Operation, Service, System
from decomposer.syntax.tables import read_bare_tables


def describe(
    tree: Tree, writes: Sequence[Write], contract: Callable[[], Contract | None]
) -> tuple[System, list[Problem]]:
    """The system as it is when these writes have been made as well; what had to be guessed is told."""
    return _Describing(tree, writes).system(contract)


_LOADED = frozenset(IMPORT_KINDS) - {"typing"}


class _Describing:
    """One tree with what is about to be written to it."""

    def __init__(self, tree: Tree, writes: Sequence[Write]) -> None:
        self.tree, self.config, self.code = tree, tree.config, tree.code
        self.written = {write.path: write.content for write in writes}
        self.came_from = {write.path: write.moved_from for write in writes if write.content is not None}
        here = (path for path in tree.everything if self.written.get(path, b"") is not None)
        self.paths = tuple(sorted({*here, *(path for path, content in self.written.items() if content is not None)}))
        self.here = frozenset(self.paths)
        python = [path for path in self.paths if path.endswith(".py")]
        self.local = local_packages(self.config, python)
        self.projects = list(projects_above(self.config.source, self.read))

    def read(self, path: str) -> bytes | None:
        """A file's bytes as they will be."""
        return self.written[path] if path in self.written else self.tree.read(path)

    def system(self, contract: Callable[[], Contract | None]) -> tuple[System, list[Problem]]:
        """The system, and what had to be guessed."""
        operations = self.operations()
        own = [operation for operation in operations if not operation.context]
        monolith, problems = find_monolith(self.config, self.paths, self.text, any(o.path == "/metrics" for o in own))
        left = [Context(CORE, f"what the services of {self.config.package} have in common", 1, 0, "")]
        left += list(self.tree.rule_set.contexts)
        standing = self.standing()
        away = [context.name for context in left if standing.get(context.name) is State.CUT_OVER]
        for name in away:
            operations += self.cut_over(name, len(operations))
        if away:
            operations = as_tried(operations, contract())
        services = tuple(self.service(context, operations, standing) for context in left
                         if self.has_left(context.name))  # fmt: skip
        return System(monolith, services, operations, self.config.deploy, self.paths, self.read, contract,
                      self.config.finish), problems  # fmt: skip

    def text(self, path: str) -> str | None:
        """A file's text."""
        content = self.read(path)
        return None if content is None else content.decode("utf-8", "surrogateescape")

    def has_left(self, context: str) -> bool:
        """Whether a context has a service, or there is a core."""
        name = "__init__.py" if context == CORE else "main.py"
        return self.read(f"{self.config.service_root(context)}/{name}") is not None

    def standing(self) -> dict[str, State]:
        """How far each context has come; what only now leaves is not cut over."""
        python = frozenset(path for path in self.tree.paths)
        return states(self.config, self.tree.rule_set, python, lambda: self.code)

    def operations(self) -> tuple[Operation, ...]:
        """What the monolith answers, in the order in which it tries."""
        root = self.code.path(self.code.entry) if self.code.entry in self.code.modules.path_of else ""
        found = []
        for route in self.code.served:
            if route.module == "fastapi":  # its pages of documentation
                continue
            context = self.code.assignment.context(route.source) if route.source != root else ""
            found.append(Operation(
                route.order, route.method, route.path, "" if context == CORE else context,
                f"{route.module}:{route.handler}", route.source, route.line, route.hidden,
            ))  # fmt: skip
        return tuple(found)

    def cut_over(self, context: str, first: int) -> tuple[Operation, ...]:
        """What a service answers that the monolith does not answer any more, tried after everything else."""
        return tuple(
            Operation(first + route.order, route.method, route.path, context, f"{route.module}:{route.handler}",
                      route.source, route.line, route.hidden)
            for route in alone(self.tree, context, {}, entry_names(self.tree, context)) or ()
        )  # fmt: skip

    def service(self, context: Context, operations: Iterable[Operation], standing: dict[str, State]) -> Service:
        """A service, or the core."""
        config, name = self.config, context.name
        source = f"{config.service(name)}/src/"
        modules = [path for path in self.paths if path.startswith(source) and path.endswith(".py")]
        packages = {path.removeprefix(source).partition("/")[0] for path in modules if "/" in path.removeprefix(source)}
        facts = {path: self.facts(path) for path in modules}
        needed, local, guesses = self.imported(name, facts, packages)
        copies = tuple(path for path in modules if origin(self.read(path) or b""))
        clients = tuple((path, owner) for path in modules if (owner := called(self.read(path) or b"")))
        names = {table.class_name: table.name for table in self.tree.graph.tables}
        bare = {path: [one.table for one in read_bare_tables(self.read(path) or b"")] for path in modules}
        tables = sorted({names[t.class_name] for path, file in facts.items() if path not in copies
                         for t in file.tables if t.class_name in names}
                        | {table for path in modules if path not in copies for table in bare[path]})  # fmt: skip
        carried = {path: self.tree.readers.facts(self.read(path) or b"") for path in copies}  # else told without tables
        models = tuple(sorted({_name(path.removeprefix(source)) for path in modules
                               if carried.get(path, facts[path]).tables or bare[path]}))  # fmt: skip
        attribute = (config.entries or ("",))[0].partition(":")[2] or "app"
        shared = name != CORE and self.has_left(CORE)
        own = tuple(o for o in operations if o.context == name
                    or (config.answers_for(name, o.context) and o.path not in HEALTH))  # fmt: skip
        below = f"{config.service(name)}/tests/"
        tests = tuple(path for path in self.paths if path.startswith(below) and path.endswith(".py"))
        return Service(
            config.core_name() if name == CORE else name, name, context.description, config.service(name), context.port,
            "" if name == CORE else f"{self.entry(name)}:{attribute}", tuple(sorted(packages)), needed,
            local, required_python(self.projects), config.core_name() if shared else "", own, tuple(modules), copies,
            tuple(tables), models, self.probes(facts, name), tests,
            standing.get(name) is State.CUT_OVER, clients, guesses,
        )  # fmt: skip

    def entry(self, context: str) -> str:
        """The module that makes a service's application, called as in the monolith; `main` where it has none of it."""
        package, below = self.config.package_of(context), self.code.entry.partition(".")[2]
        path = f"{self.config.service_root(context)}/{below.replace('.', '/')}.py"
        return f"{package}.{below if below and self.read(path) is not None else 'main'}"

    def probes(self, facts: Mapping[str, PythonFacts], context: str) -> tuple[str, ...]:
        """The health paths that a service's entry answers by itself."""
        path = f"{self.config.service(context)}/src/{self.entry(context).replace('.', '/')}.py"
        return tuple(sorted(HEALTH & {event.path for event in facts[path].routes})) if path in facts else ()

    def facts(self, path: str) -> PythonFacts:
        """What a Python file will say."""
        return self.tree.python[path] if path in self.tree.python and path not in self.written else \
            self.tree.readers.facts(self.read(path) or b"")

    def imported(
        self, context: str, facts: Mapping[str, PythonFacts], packages: set[str]
    ) -> tuple[tuple[str, ...], tuple[Local, ...], tuple[Guess, ...]]:
        """The requirements of a service's code, the packages of the repository that it imports, and what is guessed.

        What a package of the repository imports that no project builds, the service has to require.
        """
        own = {self.config.package, self.config.core_package(), *packages}
        wanted = _imported(facts) | ({"fastapi": Place(), "uvicorn": Place()} if context != CORE else {})
        local: dict[str, Local] = {}
        while more := self.lying_here(_tops(wanted) - own - local.keys(), local.values()):
            for package, holder in sorted(more.items()):
                local[package] = find_local(package, holder, self.read, self.config)
                if not local[package].distribution:
                    wanted = self.imports_of(package, holder) | wanted
        others = {name: place for name, place in wanted.items() if not _tops([name]) & (own | local.keys())}
        needed, guesses = requirements(others, self.sources, frozenset(sys.stdlib_module_names))
        return needed, tuple(local[package] for package in sorted(local)), tuple(map(self.as_before, guesses))

    def as_before(self, guess: Guess) -> Guess:
        """A guess at the place where the import stands now, before its module goes or is copied."""
        path = guess.place.path
        old = self.came_from.get(path) or origin(self.read(path) or b"")
        there = _imported({old: self.tree.python[old]} if old in self.tree.python else {})
        found = [place for name, place in there.items() if name.partition(".")[0] == guess.name]
        return replace(guess, place=replace(guess.place, path=old, line=min(one.line for one in found))) if found \
            else guess  # fmt: skip

    def lying_here(self, wanted: set[str], known: Iterable[Local]) -> dict[str, str]:
        """Of some names those of packages of the repository, and of modules beside those known, with their folders."""
        beside = {name: one.holder for one in known if not one.distribution
                  for name in wanted - sys.stdlib_module_names
                  if f"{one.holder}/{name}.py".removeprefix("./") in self.here}  # fmt: skip
        return beside | {name: self.local[name] for name in wanted & self.local.keys()}

    def imports_of(self, package: str, holder: str) -> dict[str, Place]:
        """What the modules of a package of the repository, or one module, cannot be loaded without."""
        place = f"{holder}/{package}".removeprefix("./").lstrip("/")
        inside = (path for path in self.paths if path.startswith(f"{place}/") and path.endswith(".py"))
        files = {path: self.facts(path) for path in ([f"{place}.py"] if f"{place}.py" in self.here else inside)}
        return _imported(files, frozenset({"load"}))

    @cached_property
    def sources(self) -> Sources:
        """What tells the distributions of imports."""
        locks = (self.text(f"{folder}/{name}".lstrip("/")) or "" for folder in folders_above(self.config.source)
                 for name in ("uv.lock", "poetry.lock", "pdm.lock"))  # fmt: skip
        known = self.tree.distributions
        return Sources(asked_for(self.config.source, self.read), frozenset().union(*map(locked_names, locks)),
                       known.recorded, known.own)  # fmt: skip


def as_tried(operations: Sequence[Operation], contract: Contract | None) -> tuple[Operation, ...]:
    """Operations in the order in which the monolith tried them when it had them all; new ones follow what they did."""
    known: dict[tuple[str, str, str], int] = {}
    for place, (method, path, module, function) in enumerate(contract.tried if contract is not None else ()):
        known.setdefault((method, path, owner_key(module, function)), place)
    at, places = -1, list[int]()
    for one in operations:
        at = known.get((one.method, one.path, owner_key(*one.handler.split(":", 1))), at)
        places.append(at)
    order = sorted(range(len(operations)), key=places.__getitem__)
    return tuple(replace(operations[number], order=place) for place, number in enumerate(order))


def _name(path: str) -> str:
    """The name by which a module of a service is imported: a copy is found where what it is a copy of would be."""
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(part for part in parts if part != COPIES)


def _imported(files: Mapping[str, PythonFacts], kinds: frozenset[str] = _LOADED) -> dict[str, Place]:
    """The modules that files import, or something of which they do, each with the first place."""
    found: dict[str, Place] = {}
    for path in sorted(files):
        for fact in files[path].imports:
            if not fact.level and fact.kind in kinds:
                place = Place(path, fact.line, fact.kind == "optional")
                names = (name for name, _ in fact.names if name != "*") if fact.is_from else ()
                for name in [f"{fact.module}.{name}" for name in names] or [fact.module]:
                    found[name] = found[name].joined(place) if name in found else place
    return found


def _tops(names: Iterable[str]) -> set[str]:
    """The top-level packages of dotted names."""
    return {name.partition(".")[0] for name in names}
