"""The import system as a module's statements see it: `sys.modules`, what is being loaded, attributes of modules."""

from __future__ import annotations

from msgspec import Struct

from decomposer.checks.load_graph import lazy_targets
from decomposer.checks.load_scripts import Scripts
from decomposer.model.loading import Block

_OF_EVERY_MODULE = frozenset(
    ("__builtins__", "__cached__", "__class__", "__dict__", "__doc__", "__file__", "__loader__", "__name__",
     "__package__", "__path__", "__spec__")
)  # fmt: skip


class LoadFailure(Struct, frozen=True, order=True):
    """A load that fails: the module tried first, and where it fails because of a module that is half loaded.

    `name` is what is not bound yet in the module `source`, `chain` the modules that were being loaded at that
    time, the first one first, and `error` the exception. `conditional` says that it depends on a condition.
    """

    start: str
    module: str
    line: int
    name: str
    source: str
    chain: tuple[str, ...]
    error: str
    conditional: bool = False


class Loaded:
    """A module object: its namespace, where a name stands for another one or for something else (None)."""

    __slots__ = ("ended", "exports", "missed", "name", "namespace", "open")

    def __init__(self, name: str) -> None:
        self.name = name
        self.namespace: dict[str, Loaded | None] = {}
        self.exports: list[str] | None = []
        self.missed: set[str] = set()  # what a star import would have brought had it come later
        self.open = False
        self.ended = False


MISSING = Loaded("")


class Failed(Exception):
    """The exception that a load ends with."""

    def __init__(self, failure: LoadFailure, known: bool) -> None:
        super().__init__(failure.error)
        self.failure = failure
        self.known = known


class Frame:
    """The module whose statements run, how many `try` around them expect imports to fail, and what is handled."""

    __slots__ = ("expected", "handled", "module", "path")

    def __init__(self, module: Loaded, path: str) -> None:
        self.module = module
        self.path = path
        self.expected = 0
        self.handled: Failed | None = None


class ImportSystem:
    """`sys.modules`, the modules that are being loaded, and what their attributes are at this time."""

    def __init__(self, scripts: Scripts, start: str) -> None:
        self.scripts = scripts
        self.modules = scripts.program.modules
        self.start = start
        self.loaded: dict[str, Loaded | None] = {}
        self.loading: list[str] = []
        self._lazy: set[tuple[str, str]] = set()

    def load(self, frame: Frame, line: int, name: str) -> Loaded | None:
        """The module in `sys.modules` under a name, loaded if need be; None for what is not known."""
        if name in self.loaded:
            return self.loaded[name]
        parent, _, child = name.rpartition(".")
        if parent and parent not in self.loaded:
            self.load(frame, line, parent)
            if name in self.loaded:
                return self.loaded[name]
        if not self.modules.exists(name):
            if frame.expected:
                raise self.fail(frame, line, child, parent, "ModuleNotFoundError", known=False)
            return None
        module = self.loaded[name] = Loaded(name)
        self.loading.append(name)
        try:
            self.run(Frame(module, self.modules.path_of.get(name, "")), self.scripts.of(name).steps)
        except Failed:
            del self.loaded[name]
            raise
        finally:
            self.loading.pop()
        module.ended = True
        above = self.loaded.get(parent)
        if above is not None:
            above.namespace[child] = self.loaded[name]
        return self.loaded[name]

    def fail(self, frame: Frame, line: int, name: str, source: str, error: str, known: bool = True) -> Failed:
        """The exception that says what a module asks for and another one does not have.

        `known` is false when nothing in the program has it: then it matters only to the handlers around it.
        """
        chain = tuple(self.loading)
        return Failed(LoadFailure(self.start, frame.module.name, line, name, source, chain, error), known)

    def run(self, frame: Frame, steps: Block) -> None:
        """Does what a module's statements do."""
        raise NotImplementedError

    def load_submodules(self, frame: Frame, line: int, source: Loaded, names: list[str]) -> None:
        """What a `from` statement does before it takes anything: the names that a package lacks are loaded."""
        path = self.modules.path_of.get(source.name)
        if path is not None and not self.modules.is_package(path):
            return
        for name in names:
            inner = f"{source.name}.{name}"
            if self.modules.exists(inner) and self.attribute(frame, line, source, name, "ImportError") is MISSING:
                self.load(frame, line, inner)

    def attribute(self, frame: Frame, line: int, module: Loaded, name: str, error: str) -> Loaded | None:
        """The value of an attribute; `MISSING` when the module has none of that name yet."""
        if name in module.namespace:
            return module.namespace[name]
        if name in _OF_EVERY_MODULE:
            return None
        inner_exists = self.modules.exists(f"{module.name}.{name}")
        if module.open:
            return MISSING if inner_exists and name not in self.scripts.of(module.name).names else None
        if "__getattr__" not in module.namespace:
            return MISSING
        return self._ask(frame, line, module, name, error, inner_exists)

    def _ask(self, frame: Frame, line: int, module: Loaded, name: str, error: str, inner_exists: bool) -> Loaded | None:
        """What a module's `__getattr__` answers: what its name table or its own imports load for a name.

        One that says nothing of a name is taken to know it, unless there is a submodule of that name, or the module
        binds the name itself later on.
        """
        targets = self._lazy_targets(module, name)
        if (module.name, name) in self._lazy or not targets:
            return MISSING if inner_exists or name in self.scripts.of(module.name).names else None
        self._lazy.add((module.name, name))
        try:
            found = [self.load(frame, line, target) for target in targets if self.modules.is_ours(target)]
        except Failed as failed:
            if error == "ImportError" and failed.failure.error == "AttributeError":  # which `from` takes for a no
                raise self.fail(frame, line, name, module.name, error) from failed
            raise
        finally:
            self._lazy.discard((module.name, name))
        if not found or found[-1] is None:
            return None
        if found[-1].name.rpartition(".")[2] == name:
            return found[-1]
        value = self.attribute(frame, line, found[-1], name, error)
        if value is MISSING and self.is_certain(found[-1], name):
            raise self.fail(frame, line, name, found[-1].name, error)
        return None if value is MISSING else value

    def _lazy_targets(self, module: Loaded, name: str) -> list[str]:
        path = self.modules.path_of.get(module.name, "")
        facts = self.scripts.program.facts.get(path)
        return list(lazy_targets(self.scripts.program, path, facts, name)) if facts is not None else []

    def is_certain(self, module: Loaded, name: str) -> bool:
        """Whether a name that is not there is one that the module has when it is loaded to its end."""
        if module.open:
            return False
        bound = self.scripts.of(module.name).names
        if name in module.missed or name in bound:
            return True
        if "__getattr__" in bound and "__getattr__" not in module.namespace and self._lazy_targets(module, name):
            return True
        if self.modules.exists(inner := f"{module.name}.{name}"):
            return self.scripts.follows(inner)
        names = self.scripts.names_of(module.name)
        return names is not None and name in names

    def is_closed(self, module: Loaded) -> bool:
        """Whether a module has no names but those that its text shows."""
        return not module.open and self.scripts.names_of(module.name) is not None
