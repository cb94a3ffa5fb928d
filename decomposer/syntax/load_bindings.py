"""What expressions and assignments do while a module is being loaded: names looked up, names bound."""

from __future__ import annotations

import ast
import builtins

from decomposer.model.loading import Alias, Bind, Exports, LoadModule, LoadStep, Need, Open, Replace
from decomposer.syntax.dotted import dotted, text, texts
from decomposer.syntax.evaluated import OPENING, dynamic_load, evaluated

_BUILTINS = frozenset(dir(builtins))
_UNNAMED = "<module>"
_THIS_MODULE = "sys.modules[__name__]"


class Bindings:
    """The steps of the block that is being read, and the names that are known so far."""

    def __init__(self) -> None:
        self.steps: list[LoadStep] = []
        self.names: set[str] = set()
        self.stars: list[tuple[int, str]] = []
        self.loaded: set[str] = set()  # names that may stand for a module
        self.class_names: set[str] | None = None  # names of the class body that is being read
        self.annotations = True

    def evaluate(self, node: ast.AST | None) -> None:
        """The names that an expression looks up and binds, in order."""
        for part in evaluated(node):
            if isinstance(part, ast.Call):
                self._call(part)
            elif isinstance(part, ast.NamedExpr):
                self.bind_target(part.target)
            elif name := dotted(part):
                self._need(part.lineno, name)  # type: ignore[attr-defined]

    def _need(self, line: int, name: str) -> None:
        root, _, rest = name.partition(".")
        if self.class_names is not None and root in self.class_names:
            return
        from_star = bool(self.stars) and root not in self.names and root not in _BUILTINS
        if from_star or (rest and root in self.loaded):
            self.steps.append(Need(line, name))

    def _call(self, node: ast.Call) -> None:
        callee = dotted(node.func)
        loads = dynamic_load(node, callee)
        if loads is not None:
            self.steps.append(LoadModule(node.lineno, loads[1], level=loads[0]))
        elif callee in OPENING:
            self.steps.append(Open())
        elif callee in ("__all__.extend", "__all__.append") and self.class_names is None:
            self.steps.append(Exports(tuple(texts(node.args[0])) if node.args else None, adds=True))

    def bind(self, *names: str) -> None:
        """Names are bound to something that is no module; in a class body they are not the module's."""
        if self.class_names is not None:
            self.class_names.update(names)
            return
        self.names.update(names)
        if self.steps and isinstance(self.steps[-1], Bind):
            self.steps[-1] = Bind((*self.steps[-1].names, *names))
        else:
            self.steps.append(Bind(names))

    def bind_import(self, name: str) -> str:
        """The name that an import binds in the module's namespace: none inside a class."""
        if self.class_names is not None:
            self.class_names.add(name)
            return ""
        self.names.add(name)
        self.loaded.add(name)
        return name

    def bind_target(self, target: ast.AST | None) -> None:
        """The names of an assignment's target; what it looks up when it is not a name."""
        if isinstance(target, ast.Name):
            self.bind(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.bind_target(element)
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value)
        else:
            self.evaluate(target.value if isinstance(target, ast.Attribute) else target)

    def set(self, target: ast.expr, value: ast.expr, adds: bool) -> None:
        """What one target of an assignment comes to."""
        source = dotted(value)
        loads = dynamic_load(value, dotted(value.func)) if isinstance(value, ast.Call) else None
        if loads is not None and self._load_into(target, *loads, value.lineno):
            return
        if self.class_names is None and isinstance(target, ast.Name) and target.id == "__all__":
            literal = isinstance(value, (ast.List, ast.Tuple)) and all(text(item) is not None for item in value.elts)
            self.bind("__all__")
            self.steps.append(Exports(tuple(texts(value)) if literal else None, adds))
        elif isinstance(target, ast.Name) and not adds and source.partition(".")[0] in self.loaded:
            if name := self.bind_import(target.id):
                self.steps.append(Alias(name, source))
        elif isinstance(target, ast.Subscript) and source and ast.unparse(target) == _THIS_MODULE:
            self.steps.append(Replace(source))
        else:
            self.bind_target(target)

    def _load_into(self, target: ast.expr, level: int, module: str, line: int) -> bool:
        """Whether `target = import_module(...)` was read: a name is bound, or this module stands for another."""
        if isinstance(target, ast.Name):
            self.steps.append(LoadModule(line, module, self.bind_import(target.id), True, level))
        elif ast.unparse(target) == _THIS_MODULE:
            self.steps += [LoadModule(line, module, _UNNAMED, True, level), Replace(_UNNAMED)]
        else:
            return False
        return True
