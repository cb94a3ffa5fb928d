"""What happens when a module is the first import of a fresh interpreter, followed step by step, without running it.

The rules are those of CPython's `importlib._bootstrap` and `import_from` in its `ceval.c`: parents load first; a
submodule becomes an attribute of its parent when its load has ended; `from package import name` loads the submodule
where the package has no such attribute yet, and takes a half loaded one out of `sys.modules`; a module whose load
fails leaves `sys.modules`, those that it loaded stay.

What is not ours loads; a name that no text binds, and a module that is not there, fail only where that is expected
(inside `try`): whether they exist is another check's question.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

from decomposer.checks.load_graph import lazy_targets
from decomposer.checks.load_scripts import Scripts
from decomposer.model.loading import (
    Alias,
    Bind,
    Block,
    Branch,
    Exports,
    Handler,
    LoadModule,
    LoadNames,
    LoadStar,
    Need,
    Open,
    Raise,
    Replace,
    Try,
    Unbind,
)

_ANY = frozenset({"", "Exception", "BaseException"})
_CAUGHT_BY = {
    "ImportError": _ANY | {"ImportError"},
    "ModuleNotFoundError": _ANY | {"ImportError", "ModuleNotFoundError"},
    "AttributeError": _ANY | {"AttributeError"},
    "NameError": _ANY | {"NameError"},
}
_BUILTINS = frozenset(dir(builtins))
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


_MISSING = Loaded("")


class _Failed(Exception):
    """The exception that a load ends with."""

    def __init__(self, failure: LoadFailure) -> None:
        super().__init__(failure.error)
        self.failure = failure


class _Frame:
    """The module whose statements run, how many `try` around them expect imports to fail, and what is handled."""

    __slots__ = ("expected", "handled", "module", "path")

    def __init__(self, module: Loaded, path: str) -> None:
        self.module = module
        self.path = path
        self.expected = 0
        self.handled: _Failed | None = None


def try_first(scripts: Scripts, start: str) -> list[LoadFailure]:
    """How `import start` fails in a fresh interpreter: [] when it does not.

    Where something depends on a condition it is tried with every condition met, and with none; a failure of only
    one of the two is `conditional`.
    """
    met = _Interpreter(scripts, start, conditions=True)
    first = met.failure()
    if not met.asked:
        return [first] if first is not None else []
    second = _Interpreter(scripts, start, conditions=False).failure()
    if first is not None and second is not None:
        return [first]
    return [structs.replace(failure, conditional=True) for failure in (first, second) if failure is not None]


class _Interpreter:
    """`sys.modules`, the modules that are being loaded, and whether a condition was asked for."""

    def __init__(self, scripts: Scripts, start: str, conditions: bool) -> None:
        self.scripts = scripts
        self.modules = scripts.program.modules
        self.start = start
        self.conditions = conditions
        self.asked = False
        self.loaded: dict[str, Loaded | None] = {}
        self.loading: list[str] = []
        self._lazy: set[tuple[str, str]] = set()

    def failure(self) -> LoadFailure | None:
        """How the load ends, None when it ends well."""
        try:
            self._load(_Frame(Loaded(""), ""), 0, self.start)
        except _Failed as failed:
            return failed.failure
        return None

    def _load(self, frame: _Frame, line: int, name: str) -> Loaded | None:
        """The module in `sys.modules` under a name, loaded if need be; None for what is not known."""
        if name in self.loaded:
            return self.loaded[name]
        parent, _, child = name.rpartition(".")
        if parent and parent not in self.loaded:
            self._load(frame, line, parent)
            if name in self.loaded:
                return self.loaded[name]
        if not self.modules.exists(name):
            if frame.expected:
                raise self._fail(frame, line, child, parent, "ModuleNotFoundError")
            return None
        module = self.loaded[name] = Loaded(name)
        self.loading.append(name)
        try:
            self._run(_Frame(module, self.modules.path_of.get(name, "")), self.scripts.of(name).steps)
        except _Failed:
            del self.loaded[name]
            raise
        finally:
            self.loading.pop()
        module.ended = True
        above = self.loaded.get(parent)
        if above is not None:
            above.namespace[child] = self.loaded[name]
        return self.loaded[name]

    def _fail(self, frame: _Frame, line: int, name: str, source: str, error: str) -> _Failed:
        chain = tuple(self.loading)
        return _Failed(LoadFailure(self.start, frame.module.name, line, name, source, chain, error))

    def _run(self, frame: _Frame, steps: Block) -> None:
        for step in steps:
            _STEPS[type(step)](self, frame, step)

    def _load_module(self, frame: _Frame, step: LoadModule) -> None:
        name = self.modules.absolute(frame.path, step.level, step.module)
        names = frame.module.namespace
        if name is None or not self.modules.is_ours(name):
            if step.bound:
                names[step.bound] = None
            return
        self._load(frame, step.line, name)
        if not step.bound:
            return
        top, *rest = name.split(".")
        found = self.loaded.get(top)
        if step.renamed:
            for part in rest:
                if found is None:
                    break
                value = self._attribute(frame, step.line, found, part, "ImportError")
                if value is _MISSING:
                    value = self.loaded.get(f"{found.name}.{part}")
                found = value
        names[step.bound] = found

    def _load_names(self, frame: _Frame, step: LoadNames) -> None:
        source = self._source(frame, step)
        names = frame.module.namespace
        if source is None:
            names.update((bound, None) for _, bound in step.names if bound)
            return
        self._load_submodules(frame, step.line, source, [name for name, _ in step.names])
        for name, bound in step.names:
            value = self._attribute(frame, step.line, source, name, "ImportError")
            if value is _MISSING:
                inner = f"{source.name}.{name}"
                if inner not in self.loaded and self._is_certain(frame, source, name):
                    raise self._fail(frame, step.line, name, source.name, "ImportError")
                value = self.loaded.get(inner)
            if bound:
                names[bound] = value

    def _source(self, frame: _Frame, step: LoadNames | LoadStar) -> Loaded | None:
        name = self.modules.absolute(frame.path, step.level, step.module)
        if name is None or not self.modules.is_ours(name):
            return None
        return self._load(frame, step.line, name)

    def _load_submodules(self, frame: _Frame, line: int, source: Loaded, names: list[str]) -> None:
        """What a `from` statement does before it takes anything: the names that a package lacks are loaded."""
        path = self.modules.path_of.get(source.name)
        if path is not None and not self.modules.is_package(path):
            return
        for name in names:
            inner = f"{source.name}.{name}"
            if self.modules.exists(inner) and self._attribute(frame, line, source, name, "ImportError") is _MISSING:
                self._load(frame, line, inner)

    def _load_star(self, frame: _Frame, step: LoadStar) -> None:
        source, module = self._source(frame, step), frame.module
        if source is None:
            module.open = True
            return
        if "__all__" in source.namespace and source.exports is not None:
            self._load_submodules(frame, step.line, source, source.exports)
            for name in source.exports:
                value = self._attribute(frame, step.line, source, name, "AttributeError")
                if value is _MISSING and self._is_certain(frame, source, name):
                    raise self._fail(frame, step.line, name, source.name, "AttributeError")
                module.namespace[name] = None if value is _MISSING else value
            return
        module.open = module.open or source.open or "__all__" in source.namespace
        module.namespace.update({k: v for k, v in source.namespace.items() if not k.startswith("_")})
        if source.ended:
            module.missed |= source.missed
        else:
            module.missed.update(self.scripts.names_of(source.name) or ())

    def _attribute(self, frame: _Frame, line: int, module: Loaded, name: str, error: str) -> Loaded | None:
        """The value of an attribute; `_MISSING` when the module has none of that name yet."""
        if name in module.namespace:
            return module.namespace[name]
        if name in _OF_EVERY_MODULE:
            return None
        inner_exists = self.modules.exists(f"{module.name}.{name}")
        if module.open:
            return _MISSING if inner_exists and name not in self.scripts.of(module.name).names else None
        if "__getattr__" not in module.namespace:
            return _MISSING
        return self._ask(frame, line, module, name, error, inner_exists)

    def _ask(
        self, frame: _Frame, line: int, module: Loaded, name: str, error: str, inner_exists: bool
    ) -> Loaded | None:
        """What a module's `__getattr__` answers: what its name table or its own imports load for a name.

        One that says nothing of a name is taken to know it, unless there is a submodule of that name, or the module
        binds the name itself later on.
        """
        path = self.modules.path_of[module.name]
        facts = self.scripts.program.facts.get(path)
        targets = list(lazy_targets(self.scripts.program, path, facts, name)) if facts is not None else []
        if (module.name, name) in self._lazy or not targets:
            return _MISSING if inner_exists or name in self.scripts.of(module.name).names else None
        self._lazy.add((module.name, name))
        try:
            found = [self._load(frame, line, target) for target in targets if self.modules.is_ours(target)]
        finally:
            self._lazy.discard((module.name, name))
        if not found or found[-1] is None:
            return None
        if found[-1].name.rpartition(".")[2] == name:
            return found[-1]
        value = self._attribute(frame, line, found[-1], name, error)
        if value is _MISSING and self._is_certain(frame, found[-1], name):
            raise self._fail(frame, line, name, found[-1].name, error)
        return None if value is _MISSING else value

    def _is_certain(self, frame: _Frame, module: Loaded, name: str) -> bool:
        """Whether a name that is not there will be, or is known never to be where that is expected."""
        if module.open:
            return False
        if name in module.missed or name in self.scripts.of(module.name).names:
            return True
        if self.modules.exists(inner := f"{module.name}.{name}"):
            return self.scripts.follows(inner)
        names = self.scripts.names_of(module.name)
        return names is not None and (name in names or frame.expected > 0)

    def _need(self, frame: _Frame, step: Need) -> None:
        root, *rest = step.name.split(".")
        module = frame.module
        found = module.namespace.get(root, _MISSING)
        if found is _MISSING:
            if root in module.missed and root not in _BUILTINS and not module.open:
                raise self._fail(frame, step.line, root, module.name, "NameError")
            return
        for name in rest:
            if found is None:
                return
            value = self._attribute(frame, step.line, found, name, "AttributeError")
            if value is _MISSING:
                if not found.open and self._is_certain(frame, found, name):
                    raise self._fail(frame, step.line, name, found.name, "AttributeError")
                return
            found = value

    def _bind(self, frame: _Frame, step: Bind) -> None:
        frame.module.namespace.update(dict.fromkeys(step.names))

    def _alias(self, frame: _Frame, step: Alias) -> None:
        frame.module.namespace[step.name] = self._value(frame, step.value)

    def _value(self, frame: _Frame, dotted: str) -> Loaded | None:
        """What a dotted name stands for; looking it up is a step of its own."""
        root, *rest = dotted.split(".")
        found = frame.module.namespace.get(root)
        for name in rest:
            found = found.namespace.get(name) if found is not None else None
        return found

    def _unbind(self, frame: _Frame, step: Unbind) -> None:
        for name in step.names:
            frame.module.namespace.pop(name, None)

    def _export(self, frame: _Frame, step: Exports) -> None:
        module = frame.module
        known = module.exports if step.adds else []
        module.exports = None if known is None or step.names is None else [*known, *step.names]

    def _open(self, frame: _Frame, step: Open) -> None:
        frame.module.open = True

    def _replace(self, frame: _Frame, step: Replace) -> None:
        self.loaded[frame.module.name] = self._value(frame, step.value)

    def _raise(self, frame: _Frame, step: Raise) -> None:
        if frame.handled is not None:
            raise frame.handled

    def _branch(self, frame: _Frame, step: Branch) -> None:
        """One block; what others would have bound counts as bound, so that nothing is said that may be wrong."""
        self.asked = True
        self._run(frame, step.blocks[0 if self.conditions else -1])
        for name in step.names:
            frame.module.namespace.setdefault(name)

    def _try(self, frame: _Frame, step: Try) -> None:
        expects = any(_catches(handler, "ModuleNotFoundError") for handler in step.handlers)
        try:
            try:
                frame.expected += expects
                try:
                    self._run(frame, step.body)
                finally:
                    frame.expected -= expects
            except _Failed as failed:
                self._handle(frame, step, failed)
            else:
                self._run(frame, step.orelse)
                for name in step.names:  # the body may fail for reasons of its own
                    frame.module.namespace.setdefault(name)
        finally:
            self._run(frame, step.final)

    def _handle(self, frame: _Frame, step: Try, failed: _Failed) -> None:
        for handler in step.handlers:
            if _catches(handler, failed.failure.error):
                outer, frame.handled = frame.handled, failed
                self._run(frame, handler.body)
                frame.handled = outer
                return
        raise failed


def _catches(handler: Handler, error: str) -> bool:
    return not handler.catches or not _CAUGHT_BY[error].isdisjoint(handler.catches)


_STEPS: dict[type, Callable[[_Interpreter, _Frame, Any], None]] = {
    LoadModule: _Interpreter._load_module,
    LoadNames: _Interpreter._load_names,
    LoadStar: _Interpreter._load_star,
    Bind: _Interpreter._bind,
    Alias: _Interpreter._alias,
    Unbind: _Interpreter._unbind,
    Need: _Interpreter._need,
    Exports: _Interpreter._export,
    Open: _Interpreter._open,
    Replace: _Interpreter._replace,
    Raise: _Interpreter._raise,
    Branch: _Interpreter._branch,
    Try: _Interpreter._try,
}
