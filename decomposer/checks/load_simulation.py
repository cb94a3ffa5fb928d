"""What happens when a module is the first import of a fresh interpreter, followed step by step, without running it.

The rules are those of CPython's `importlib._bootstrap` and `import_from` in its `ceval.c`: parents load first; a
submodule becomes an attribute of its parent when its load has ended; `from package import name` loads the submodule
where the package has no such attribute yet, and takes a half loaded one out of `sys.modules`; a module whose load
fails leaves `sys.modules`, those that it loaded stay.

What is not ours loads; a name that no text binds, and a module that is not there, fail only where that is expected
(inside `try`): whether they exist is another check's question.

Not followed: functions called while a module loads, attributes set from outside, what a `__getattr__` does besides
its name table and its own imports, and `sys.modules` and `sys.path` beyond `sys.modules[__name__] = ...`. Up to Python
3.13 annotations are evaluated at once; from 3.14 on a failure that is reported in one comes later.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from msgspec import structs

from decomposer.checks.load_scripts import Scripts
from decomposer.checks.load_system import MISSING, Failed, Frame, ImportSystem, Loaded, LoadFailure
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


class _Interpreter(ImportSystem):
    """A fresh interpreter with one start; `conditions` says whether they are met, `asked` whether any was."""

    def __init__(self, scripts: Scripts, start: str, conditions: bool) -> None:
        super().__init__(scripts, start)
        self.conditions = conditions
        self.asked = False

    def failure(self) -> LoadFailure | None:
        """How the load ends, None when it ends well."""
        try:
            self.load(Frame(Loaded(""), ""), 0, self.start)
        except Failed as failed:
            return failed.failure if failed.known else None
        return None

    def run(self, frame: Frame, steps: Block) -> None:
        """Does what a module's statements do, in order."""
        for step in steps:
            _STEPS[type(step)](self, frame, step)

    def _load_module(self, frame: Frame, step: LoadModule) -> None:
        name = self.modules.absolute(frame.path, step.level, step.module)
        names = frame.module.namespace
        if name is None or not self.modules.is_ours(name):
            if step.bound:
                names[step.bound] = None
            return
        self.load(frame, step.line, name)
        if not step.bound:
            return
        top, *rest = name.split(".")
        found = self.loaded.get(top)
        if step.renamed:
            for part in rest:
                if found is None:
                    break
                value = self.attribute(frame, step.line, found, part, "ImportError")
                if value is MISSING:
                    inner = f"{found.name}.{part}"
                    if inner not in self.loaded and self.modules.exists(inner):
                        raise self.fail(frame, step.line, part, found.name, "ImportError")
                    value = self.loaded.get(inner)
                found = value
        names[step.bound] = found

    def _load_names(self, frame: Frame, step: LoadNames) -> None:
        source = self._source(frame, step)
        names = frame.module.namespace
        if source is None:
            names.update((bound, None) for _, bound in step.names if bound)
            return
        self.load_submodules(frame, step.line, source, [name for name, _ in step.names])
        for name, bound in step.names:
            value = self.attribute(frame, step.line, source, name, "ImportError")
            if value is MISSING:
                inner = f"{source.name}.{name}"
                if inner not in self.loaded:
                    known = self.is_certain(source, name)
                    if known or (frame.expected and self.is_closed(source)):
                        raise self.fail(frame, step.line, name, source.name, "ImportError", known)
                value = self.loaded.get(inner)
            if bound:
                names[bound] = value

    def _source(self, frame: Frame, step: LoadNames | LoadStar) -> Loaded | None:
        name = self.modules.absolute(frame.path, step.level, step.module)
        if name is None or not self.modules.is_ours(name):
            return None
        return self.load(frame, step.line, name)

    def _load_star(self, frame: Frame, step: LoadStar) -> None:
        source, module = self._source(frame, step), frame.module
        if source is None:
            module.open = True
            return
        if "__all__" in source.namespace and source.exports is not None:
            self.load_submodules(frame, step.line, source, source.exports)
            for name in source.exports:
                value = self.attribute(frame, step.line, source, name, "AttributeError")
                if value is MISSING and self.is_certain(source, name):
                    raise self.fail(frame, step.line, name, source.name, "AttributeError")
                module.namespace[name] = None if value is MISSING else value
            return
        module.open = module.open or source.open or "__all__" in source.namespace
        module.namespace.update({k: v for k, v in source.namespace.items() if not k.startswith("_")})
        if source.ended:
            module.missed |= source.missed
        else:
            module.missed.update(self.scripts.names_of(source.name) or ())

    def _need(self, frame: Frame, step: Need) -> None:
        root, *rest = step.name.split(".")
        module = frame.module
        found = module.namespace.get(root, MISSING)
        if found is MISSING:
            if root in module.missed and root not in _BUILTINS and not module.open:
                raise self.fail(frame, step.line, root, module.name, "NameError")
            return
        for name in rest:
            if found is None:
                return
            value = self.attribute(frame, step.line, found, name, "AttributeError")
            if value is MISSING:
                if not found.open and self.is_certain(found, name):
                    raise self.fail(frame, step.line, name, found.name, "AttributeError")
                return
            found = value

    def _bind(self, frame: Frame, step: Bind) -> None:
        frame.module.namespace.update(dict.fromkeys(step.names))

    def _alias(self, frame: Frame, step: Alias) -> None:
        frame.module.namespace[step.name] = self._value(frame, step.value)

    def _value(self, frame: Frame, dotted: str) -> Loaded | None:
        """What a dotted name stands for; looking it up is a step of its own."""
        root, *rest = dotted.split(".")
        found = frame.module.namespace.get(root)
        for name in rest:
            found = found.namespace.get(name) if found is not None else None
        return found

    def _unbind(self, frame: Frame, step: Unbind) -> None:
        for name in step.names:
            frame.module.namespace.pop(name, None)

    def _export(self, frame: Frame, step: Exports) -> None:
        module = frame.module
        known = module.exports if step.adds else []
        module.exports = None if known is None or step.names is None else [*known, *step.names]

    def _open(self, frame: Frame, step: Open) -> None:
        frame.module.open = True

    def _replace(self, frame: Frame, step: Replace) -> None:
        self.loaded[frame.module.name] = self._value(frame, step.value)

    def _raise(self, frame: Frame, step: Raise) -> None:
        if frame.handled is not None:
            raise frame.handled

    def _branch(self, frame: Frame, step: Branch) -> None:
        """One block; what others would have bound counts as bound, so that nothing is said that may be wrong."""
        self.asked = True
        self.run(frame, step.blocks[0 if self.conditions else -1])
        for name in step.names:
            frame.module.namespace.setdefault(name)

    def _try(self, frame: Frame, step: Try) -> None:
        expects = any(_catches(handler, "ModuleNotFoundError") for handler in step.handlers)
        try:
            try:
                frame.expected += expects
                try:
                    self.run(frame, step.body)
                finally:
                    frame.expected -= expects
            except Failed as failed:
                self._handle(frame, step, failed)
            else:
                self.run(frame, step.orelse)
                for name in step.names:  # the body may fail for reasons of its own
                    frame.module.namespace.setdefault(name)
        finally:
            self.run(frame, step.final)

    def _handle(self, frame: Frame, step: Try, failed: Failed) -> None:
        for handler in step.handlers:
            if _catches(handler, failed.failure.error):
                outer, frame.handled = frame.handled, failed
                self.run(frame, handler.body)
                frame.handled = outer
                return
        raise failed


def _catches(handler: Handler, error: str) -> bool:
    return not handler.catches or not _CAUGHT_BY[error].isdisjoint(handler.catches)


_STEPS: dict[type, Callable[[_Interpreter, Frame, Any], None]] = {
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
