"""The scripts of a program's modules: read closely where it matters, made from their facts elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from decomposer.checks.load_graph import Program
from decomposer.model.facts import Import, PythonFacts
from decomposer.model.loading import (
    Bind,
    Handler,
    LoadModule,
    LoadNames,
    LoadScript,
    LoadStar,
    LoadStep,
    Open,
    Replace,
    Try,
)
from decomposer.syntax.load_script import read_load_script

NOTHING = LoadScript((Open(),), frozenset())
_FAILS = (Handler(("ImportError", "AttributeError"), ()),)


class Scripts:
    """What each module of a program does while it loads.

    `closely` are the modules that are read from their source (None for all). The others are never seen half
    loaded: of them only the imports count (and the handlers around them), and of those that are not `on_the_way`
    to a closely read one not even these. `known` are scripts by source, shared between programs.
    """

    def __init__(
        self,
        program: Program,
        closely: Collection[str] | None,
        on_the_way: Collection[str],
        known: dict[bytes, LoadScript | None],
    ) -> None:
        self.program = program
        self._closely = closely
        self._on_the_way = on_the_way
        self._known = known
        self._asked_for: set[str] = set()
        self._scripts: dict[str, LoadScript] = {}
        self._names: dict[str, frozenset[str] | None] = {}

    def of(self, module: str) -> LoadScript:
        """The script of a module; a folder without `__init__.py` has none of its own."""
        script = self._scripts.get(module)
        if script is None:
            script = self._scripts[module] = self._script(module)
        return script

    def names_of(self, module: str) -> frozenset[str] | None:
        """Every name that a module's text may bind, stars followed; None when nobody can tell."""
        if module not in self._names:
            self._names[module] = frozenset()  # modules that star each other add nothing to each other
            self._names[module] = self._all_names(module)
        return self._names[module]

    def read(self, modules: Iterable[str]) -> bool:
        """Reads these closely too; whether any of them was not.

        What a failure passes through may have caught it in a way that facts do not tell.
        """
        more = {module for module in modules if module not in self._asked_for and not self.follows(module)}
        self._asked_for |= more
        for module in more:
            self._scripts.pop(module, None)
            self._names.pop(module, None)
        return bool(more)

    def follows(self, module: str) -> bool:
        """Whether everything that could load a module is followed, so that it is known when it is loaded."""
        return self._closely is None or module in self._closely

    def _is_read(self, module: str, path: str, facts: PythonFacts | None) -> bool:
        """Whether facts are not enough: a handler or an alias for another module is told by the source only."""
        if facts is None or module in self._asked_for or self.follows(module):
            return True
        used = {use.name.rpartition(".")[2] for use in facts.uses if not use.scope}
        if "modules" in used:  # of `sys`
            return True
        absolute, is_ours = self.program.modules.absolute, self.program.modules.is_ours
        return module in self._on_the_way and any(
            fact.kind == "optional" and is_ours(absolute(path, fact.level, fact.module) or "") for fact in facts.imports
        )

    def _script(self, module: str) -> LoadScript:
        path = self.program.modules.path_of.get(module)
        if path is None:
            return LoadScript((), frozenset())
        facts = self.program.facts.get(path)
        if self._is_read(module, path, facts):
            source = self.program.read(path)
            if source is not None:
                if source not in self._known:
                    self._known[source] = read_load_script(source)
                script = self._known[source]
                if script is not None:
                    return script
        if facts is None:
            return NOTHING
        names = _bound_names(facts)
        opens = facts.open_namespace or facts.error
        steps: list[LoadStep] = [Open() if opens else Bind(tuple(names)), *self._imports(module, facts)]
        stars = tuple((fact.level, fact.module) for fact in facts.imports if fact.names == (("*", "*"),))
        return LoadScript(tuple(steps), names, stars)

    def _imports(self, module: str, facts: PythonFacts) -> Iterator[LoadStep]:
        """The imports that matter of a module that is not read closely: those that lead to one, and stars."""
        matters = self._closely is None or module in self._on_the_way or module in self._closely
        for fact in facts.imports:
            if matters or fact.names == (("*", "*"),):
                if fact.kind == "load":
                    yield _import_step(fact)
                elif fact.kind == "optional":
                    yield Try((_import_step(fact),), _FAILS, (), (), ())

    def _all_names(self, module: str) -> frozenset[str] | None:
        script, modules = self.of(module), self.program.modules
        names = set(script.names)
        path = modules.path_of.get(module, "")
        for level, written in script.stars:
            base = modules.absolute(path, level, written)
            more = self.names_of(base) if base is not None and modules.is_ours(base) else None
            if more is None:
                return None
            names.update(name for name in more if not name.startswith("_"))
        for base in self._stands_for(path, script):
            names |= self.names_of(base) or frozenset()
        return None if _opens(script.steps) else frozenset(names)

    def _stands_for(self, path: str, script: LoadScript) -> Iterator[str]:
        """The module that importers of an alias module are handed, as far as the text tells."""
        absolute = self.program.modules.absolute
        values = {step.value for step in script.steps if isinstance(step, Replace)}
        for step in script.steps if values else ():
            if isinstance(step, LoadModule) and (step.bound if step.renamed else step.module) in values:
                yield absolute(path, step.level, step.module) or ""
            elif isinstance(step, LoadNames):
                base = absolute(path, step.level, step.module)
                yield from (f"{base}.{name}" for name, bound in step.names if bound in values)


def _opens(steps: Iterable[LoadStep]) -> bool:
    return any(isinstance(step, Open) for step in steps)


def _import_step(fact: Import) -> LoadStep:
    if not fact.is_from:
        name, bound = fact.names[0]
        return LoadModule(fact.line, name, bound, bound != name.partition(".")[0])
    if fact.names[0][0] == "*":
        return LoadStar(fact.line, fact.level, fact.module)
    return LoadNames(fact.line, fact.level, fact.module, fact.names)


def _bound_names(facts: PythonFacts) -> frozenset[str]:
    """What a module that has ended its load may have; without `__all__`, a star takes all of it."""
    names = set(facts.bindings)
    names.update(definition.name for definition in facts.definitions if "." not in definition.name)
    names.update(bound for fact in facts.imports if fact.kind != "lazy" for _, bound in fact.names)
    return frozenset(names - {"*", "__all__"})
