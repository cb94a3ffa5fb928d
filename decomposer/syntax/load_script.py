"""What a module does while it is being loaded, read from its text: imports, names bound, names looked up.

What is certain to run is read, in the order in which it runs. Function bodies are not (decorators, defaults and,
without `from __future__ import annotations`, annotations are), nor functions that the module calls itself, nor the
later parts of `and`, `or`, `x if y else z`, a comprehension or a lambda. Blocks under a condition, and loops, whose
number of rounds may be zero, are branches. `if TYPE_CHECKING` and `if __name__ == "__main__"` never run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from decomposer.model.loading import (
    Alias,
    Bind,
    Block,
    Branch,
    Handler,
    LoadModule,
    LoadNames,
    LoadScript,
    LoadStar,
    Raise,
    Try,
    Unbind,
)
from decomposer.syntax.dotted import dotted
from decomposer.syntax.evaluated import exception_name, verdict
from decomposer.syntax.load_bindings import Bindings
from decomposer.syntax.parse import parse

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_load_script(source: bytes) -> LoadScript | None:
    """The steps of a module's load; None when `ast` cannot read it."""
    try:
        return _Reading().module(parse(source, "ast"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Reading(Bindings):
    """The steps of a module, statement by statement."""

    def module(self, tree: ast.Module) -> LoadScript:
        """The script of a whole module."""
        self._body(tree.body)
        return LoadScript(tuple(self.steps), frozenset(self.names), tuple(self.stars))

    def _body(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            handle = _STATEMENTS.get(type(statement))
            if handle is None:
                self.evaluate(statement)
            else:
                handle(self, statement)

    def _block(self, *parts: Callable[[], None] | list[ast.stmt]) -> Block:
        """The steps of what is read now, apart from those of the block around it."""
        outer, self.steps = self.steps, []
        for part in parts:
            self._body(part) if isinstance(part, list) else part()
        inner, self.steps = self.steps, outer
        return tuple(inner)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            bound = self.bind_import(alias.asname or alias.name.partition(".")[0])
            self.steps.append(LoadModule(node.lineno, alias.name, bound, alias.asname is not None))

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if module == "__future__":
            self.annotations = self.annotations and all(alias.name != "annotations" for alias in node.names)
        elif node.names[0].name == "*":
            self.stars.append((node.level, module))
            self.steps.append(LoadStar(node.lineno, node.level, module))
        else:
            names = tuple((alias.name, self.bind_import(alias.asname or alias.name)) for alias in node.names)
            self.steps.append(LoadNames(node.lineno, node.level, module, names))

    def _function(self, node: Function) -> None:
        arguments = node.args
        for expression in (*node.decorator_list, *arguments.defaults, *arguments.kw_defaults):
            self.evaluate(expression)
        extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra):
            self._annotation(argument.annotation)
        self._annotation(node.returns)
        self.bind(node.name)

    def _class(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
            self.evaluate(expression)
        outer, self.class_names = self.class_names, set(self.class_names or ())
        self._body(node.body)
        self.class_names = outer
        self.bind(node.name)

    def _annotation(self, node: ast.expr | None) -> None:
        if self.annotations:
            self.evaluate(node)

    def _assign(self, node: ast.Assign) -> None:
        self.evaluate(node.value)
        for target in node.targets:
            self.set(target, node.value, adds=False)

    def _augment(self, node: ast.AugAssign) -> None:
        self.evaluate(node.value)
        self.set(node.target, node.value, adds=True)

    def _annotate(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.evaluate(node.value)
            self.set(node.target, node.value, adds=False)
        self._annotation(node.annotation)

    def _delete(self, node: ast.Delete) -> None:
        names = tuple(target.id for target in node.targets if isinstance(target, ast.Name))
        if self.class_names is None and names:
            self.steps.append(Unbind(names))

    def _raise(self, node: ast.Raise) -> None:
        self.evaluate(node.exc)
        self.steps.append(Raise())

    def _if(self, node: ast.If) -> None:
        """An `if` with its whole chain of `elif`: the blocks that may run."""
        self.evaluate(node.test)
        blocks: list[Block] = []
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            branch = rest[0]
            decided = verdict(branch.test)
            if decided is not False:
                blocks.append(self._block(branch.body))
            rest = [] if decided else branch.orelse
            if decided:
                break
        else:
            blocks.append(self._block(rest))
        self._branch(blocks)

    def _branch(self, blocks: list[Block]) -> None:
        """One of the blocks; one that gives up is not taken, one that imports nothing comes to the names it binds."""
        likely = [block for block in blocks if not any(isinstance(step, Raise) for step in block)] or blocks
        if len(likely) == 1:
            self.steps += likely[0]
            return
        names = tuple(dict.fromkeys(name for block in likely for name in _bound(block)))
        if any(not isinstance(step, Bind) for block in likely for step in block):
            self.steps.append(Branch(tuple(likely), names))
        elif names:
            self.bind(*names)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.evaluate(node.iter)
        self._branch([self._block(lambda: self.bind_target(node.target), node.body), ()])
        self._body(node.orelse)

    def _while(self, node: ast.While) -> None:
        self.evaluate(node.test)
        decided = verdict(node.test)
        if decided is not False:
            block = self._block(node.body)
            self._branch([block] if decided else [block, ()])
        self._body(node.orelse)

    def _match(self, node: ast.Match) -> None:
        self.evaluate(node.subject)
        blocks = []
        for case in node.cases:
            names = [name for part in ast.walk(case.pattern) if (name := getattr(part, "name", None))]
            names += [rest for part in ast.walk(case.pattern) if (rest := getattr(part, "rest", None))]
            blocks.append(self._block(lambda names=names: self.bind(*names), case.body))  # type: ignore[misc]
        self._branch([*blocks, ()])

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        """The body; under `suppress(ImportError)` a failure in it is passed over."""
        caught: list[str] = []
        for item in node.items:
            self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars)
            call = item.context_expr
            if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] == "suppress":
                caught += [exception_name(argument) for argument in call.args]
        if caught:
            self.steps.append(Try(self._block(node.body), (Handler(tuple(caught), ()),), (), (), ()))
        else:
            self._body(node.body)

    def _try(self, node: ast.Try) -> None:
        body = self._block(node.body)
        handlers = tuple(self._handler(handler) for handler in node.handlers)
        orelse, final = self._block(node.orelse), self._block(node.finalbody)
        names = tuple(dict.fromkeys(name for handler in handlers for name in _bound(handler.body)))
        self.steps.append(Try(body, handlers, orelse, final, names))

    def _handler(self, node: ast.ExceptHandler) -> Handler:
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type] if node.type is not None else []
        body = self._block(node.body)
        if node.name and self.class_names is None:
            body = (Bind((node.name,)), *body, Unbind((node.name,)))
        return Handler(tuple(exception_name(kind) for kind in caught), body)


def _bound(block: Block) -> Iterator[str]:
    """Every name that a block may bind."""
    for step in block:
        if isinstance(step, (Bind, Branch, Try)):
            yield from step.names
        if isinstance(step, LoadModule) and step.bound:
            yield step.bound
        elif isinstance(step, LoadNames):
            yield from (bound for _, bound in step.names if bound)
        elif isinstance(step, Alias):
            yield step.name
        elif isinstance(step, Try):
            for inner in (step.body, step.orelse, step.final):
                yield from _bound(inner)


_STATEMENTS: dict[type, Callable[[_Reading, Any], None]] = {
    ast.Import: _Reading._import,
    ast.ImportFrom: _Reading._import_from,
    ast.FunctionDef: _Reading._function,
    ast.AsyncFunctionDef: _Reading._function,
    ast.ClassDef: _Reading._class,
    ast.Assign: _Reading._assign,
    ast.AugAssign: _Reading._augment,
    ast.AnnAssign: _Reading._annotate,
    ast.Delete: _Reading._delete,
    ast.Raise: _Reading._raise,
    ast.If: _Reading._if,
    ast.For: _Reading._for,
    ast.While: _Reading._while,
    ast.Match: _Reading._match,
    ast.With: _Reading._with,
    ast.Try: _Reading._try,
    ast.TryStar: _Reading._try,
}
if hasattr(ast, "TypeAlias"):  # its value is looked up only when it is asked for
    _STATEMENTS[ast.TypeAlias] = lambda reading, node: reading.bind(node.name.id)
