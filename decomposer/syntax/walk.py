"""One pass over a module's tree that hands every statement and call to the forms of reference."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from decomposer.model.facts import Definition, Dynamic, Import, RouteEvent, TableFact, Text
from decomposer.syntax import routes, strings, tables
from decomposer.syntax.dotted import argument, dotted, text, texts
from decomposer.syntax.imports import guards_imports, import_kind, is_type_checking, read_import

_CHILDREN: dict[type, tuple[str, ...]] = {}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEPENDS = frozenset({"Depends", "Security"})
_LEAVES = frozenset(
    ("ctx", "op", "ops", "lineno", "kind", "type_comment", "type_params", "names", "conversion", "id", "attr", "arg",
     "name", "is_async", "simple")
)  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Walk:
    """What one module says, collected in source order; read the attributes after `module()`."""

    def __init__(self) -> None:
        self.imports: list[Import] = []
        self.definitions: list[Definition] = []
        self.bindings: dict[str, None] = {}
        self.exports: tuple[str, ...] | None = None
        self.uses: dict[tuple[str, str, str], int] = {}
        self.texts: dict[Text, None] = {}
        self.dynamics: list[Dynamic] = []
        self.name_tables: list[Text] = []
        self.constants: dict[str, str] = {}
        self.events: list[RouteEvent] = []
        self.tables: list[TableFact] = []
        self.dynamic_getattr = False
        self.open_namespace = False
        self.locals: dict[str, set[str]] = {}
        self._parameters: dict[str, tuple[str, ...]] = {}
        self._scope = ""
        self._function = ""
        self._line = 1
        self._typing = False
        self._guarded = False
        self._guard = ""

    def module(self, tree: ast.Module) -> Walk:
        """Itself, after the whole tree has been read."""
        self._body(tree.body)
        return self

    def route_events(self) -> tuple[RouteEvent, ...]:
        """The events that bear on routes."""
        return routes.keep_events(self.events, self._parameters)

    # --- statements -----------------------------------------------------------------------------------

    def _body(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._line = statement.lineno
            handle = _STATEMENTS.get(type(statement))
            if handle is None:
                self._children(statement)
            else:
                handle(self, statement)

    def _children(self, node: ast.AST) -> None:
        """A statement without a form of its own: its expressions, then its blocks."""
        for name in _fields(type(node)):
            value = getattr(node, name)
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self._body(value)
                else:
                    for item in value:
                        if isinstance(item, ast.match_case):
                            self._children(item)
                        elif isinstance(item, ast.AST):
                            self._expression(item)
            elif isinstance(value, ast.AST):
                self._expression(value)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        kind = import_kind(bool(self._function), self._typing, self._guarded)
        for fact in read_import(node, kind, self._scope):
            self.imports.append(fact)
            for _, bound in fact.names:
                self._bind(bound)

    def _function_definition(self, node: Function) -> None:
        line = node.lineno
        for decorator in node.decorator_list:
            event = routes.read_decorator(decorator, node.name, self._function, self._guard)
            if event is not None:
                self.events.append(event)
            self._line = decorator.lineno
            self._expression(decorator)
        self._line = line
        self._bind(node.name)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self._expression(default)
        name = self._define(node.name, "function", node)
        if not self._scope and node.name == "__getattr__":
            self.dynamic_getattr = True
        arguments = node.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for extra in (arguments.vararg, arguments.kwarg):
            if extra is not None:
                parameters.append(extra)
        self._parameters[name] = tuple(parameter.arg for parameter in parameters)
        saved = self._scope, self._function, self._guard
        self._scope, self._function, self._guard = name, name, ""
        self.locals[name] = {parameter.arg for parameter in parameters}
        for parameter in parameters:
            self._annotation(parameter.annotation)
        self._annotation(node.returns)
        self._body(node.body)
        self._scope, self._function, self._guard = saved

    def _class_definition(self, node: ast.ClassDef) -> None:
        line = node.lineno
        for decorator in node.decorator_list:
            self._line = decorator.lineno
            self._expression(decorator)
        self._line = line
        self._bind(node.name)
        bases = tuple(dotted(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases)
        for base in node.bases:
            self._use(base, "base") if dotted(base) else self._expression(base)
        for keyword in node.keywords:
            self._expression(keyword.value)
        table = tables.read_table(node)
        if table is not None:
            self.tables.append(table)
        name = self._define(node.name, "class", node, bases)
        saved = self._scope
        self._scope = name
        self._body(node.body)
        self._scope = saved

    def _define(self, name: str, kind: str, node: Function | ast.ClassDef, bases: tuple[str, ...] = ()) -> str:
        qualified = f"{self._scope}.{name}" if self._scope else name
        end = node.end_lineno or node.lineno
        self.definitions.append(Definition(qualified, kind, node.lineno, end, bases))
        return qualified

    def _assign(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if isinstance(node, ast.AnnAssign):
            self._annotation(node.annotation)
        value = node.value
        for target in targets:
            self._expression(target)
            if isinstance(target, ast.Name):
                self._named_value(target.id, value, isinstance(node, ast.AugAssign))
        if value is None:
            return
        target_name = dotted(targets[0])
        if isinstance(value, ast.Await):
            value = value.value
        if isinstance(value, ast.Call):
            self._event(value, target_name)
        elif target_name and (source := dotted(value)):
            self.events.append(RouteEvent(
                self._line, self._function, "alias", target_name, source, guard=self._guard,
            ))  # fmt: skip
        elif target_name and isinstance(value, (ast.List, ast.Tuple)) and value.elts:
            items = tuple(dotted(item) for item in value.elts)
            if all(items):
                self.events.append(RouteEvent(self._line, self._function, "list", target_name, args=items))
        self._expression(value)

    def _named_value(self, name: str, value: ast.expr | None, augmented: bool) -> None:
        """Constants, `__all__` and tables of module names, all at module or class level only."""
        if self._function or value is None:
            return
        literal = text(value)
        if literal is not None and not augmented and len(literal) < 120 and " " not in literal:
            self.constants[f"{self._scope}.{name}" if self._scope else name] = literal
        if self._scope:
            return
        if name == "__all__":
            self.exports = (*(self.exports or ()), *texts(value))
        self._name_table(value)

    def _name_table(self, value: ast.expr) -> None:
        """The entries of a module-level display whose strings have the form of module names."""
        if isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                for entry in texts(item):
                    if strings.DOTTED.fullmatch(entry):
                        self.name_tables.append(Text(self._line, text(key) or "", entry, "dict"))
        elif isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            for entry in texts(value):
                if strings.DOTTED.fullmatch(entry):
                    self.name_tables.append(Text(self._line, "", entry, "list"))

    def _statement_expression(self, node: ast.Expr) -> None:
        value = node.value
        if isinstance(value, ast.Constant):
            return  # a docstring
        if isinstance(value, ast.Await):
            value = value.value
        if isinstance(value, ast.Call):
            self._event(value, "")
        self._expression(value)

    def _event(self, call: ast.Call, target: str) -> None:
        self.events += routes.read_call(call, target, self._line, self._function, self._guard)

    def _return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        if self._function:
            if isinstance(node.value, ast.Call):
                self._event(node.value, f"<made at line {self._line}>")
                name = f"<made at line {self._line}>"
            else:
                name = dotted(node.value)
            if name:
                self.events.append(RouteEvent(self._line, self._function, "return", value=name))
        self._expression(node.value)

    def _if(self, node: ast.If) -> None:
        """An `if` with its whole chain of `elif`, which may be longer than Python's stack is deep."""
        saved = self._typing, self._guard
        passed = saved[1]
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            branch = rest[0]
            self._line = branch.lineno
            self._expression(branch.test)
            typing_only = is_type_checking(branch.test)
            condition = "" if typing_only else _unparse(branch.test)
            self._typing = saved[0] or typing_only
            self._guard = _all_of(passed, condition)
            self._body(branch.body)
            self._typing = saved[0]
            if len(passed) < 200:
                passed = _all_of(passed, f"not ({condition})" if condition else "")
            rest = branch.orelse
        self._guard = passed
        self._body(rest)
        self._typing, self._guard = saved

    def _try(self, node: ast.Try) -> None:
        saved = self._guarded, self._guard
        if guards_imports(node):
            self._guarded = True
            self._guard = _all_of(saved[1], "no error")
        self._body(node.body)
        self._guard = saved[1]
        for handler in node.handlers:
            if handler.type is not None:
                self._expression(handler.type)
            if handler.name:
                self._bind(handler.name)
            self._body(handler.body)
        self._guarded = saved[0]
        self._body(node.orelse)
        self._body(node.finalbody)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._expression(node.target)
        self._expression(node.iter)
        name = dotted(node.target)
        if name:
            elements = node.iter.elts if isinstance(node.iter, (ast.List, ast.Tuple)) else [node.iter]
            items = tuple(dotted(item) or "?" for item in elements)
            literal = "items" if isinstance(node.iter, (ast.List, ast.Tuple)) else "name"
            self.events.append(RouteEvent(node.lineno, self._function, "loop", name, literal, args=items))
        self._body(node.body)
        if name:
            self.events.append(RouteEvent(node.lineno, self._function, "end"))
        self._body(node.orelse)

    # --- names and expressions --------------------------------------------------------------------------

    def _bind(self, name: str) -> None:
        if self._function:
            self.locals[self._function].add(name)
        elif not self._scope:
            self.bindings[name] = None

    def _use(self, node: ast.AST, role: str = "") -> None:
        name = dotted(node)
        if name:
            self.uses.setdefault((self._scope, name, role), self._line)

    def _annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name in strings.annotation_names(node.value):
                self.uses.setdefault((self._scope, name, "annotation"), self._line)
            return
        if isinstance(node, ast.Subscript) and dotted(node.value).rpartition(".")[2] != "Literal":
            self._expression(node.value)
            self._annotation(node.slice)
        elif isinstance(node, ast.Tuple):
            for item in node.elts:
                self._annotation(item)
        elif isinstance(node, ast.BinOp):
            self._annotation(node.left)
            self._annotation(node.right)
        else:
            self._expression(node)

    def _expression(self, root: ast.AST) -> None:
        """All names, calls and strings of an expression, walked with a stack of its own."""
        stack = [root]
        push, pop = stack.append, stack.pop
        while stack:
            node = pop()
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                    self.uses.setdefault((self._scope, node.id, ""), self._line)  # type: ignore[attr-defined]
                else:
                    self._bind(node.id)  # type: ignore[attr-defined]
            elif kind is ast.Attribute:
                name = dotted(node)
                if name:
                    self.uses.setdefault((self._scope, name, ""), self._line)
                else:
                    push(node.value)  # type: ignore[attr-defined]
            elif kind is ast.Call:
                self._call(node, stack)  # type: ignore[arg-type]
            elif kind is ast.Constant:
                value = node.value  # type: ignore[attr-defined]
                if type(value) is str and strings.looks_like_a_name(value):
                    self.texts[Text(self._line, self._scope, value)] = None
            else:
                if kind is ast.BinOp and type(node.op) is ast.Div:  # type: ignore[attr-defined]
                    part = text(node.right)  # type: ignore[attr-defined]
                    if part and strings.looks_like_a_folder(part):
                        self.texts[Text(self._line, self._scope, part, "/")] = None
                for field in _fields(kind):
                    child = getattr(node, field)
                    if type(child) is list:
                        stack.extend(item for item in reversed(child) if item is not None)
                    elif child is not None:
                        push(child)

    def _call(self, node: ast.Call, stack: list[ast.AST]) -> None:
        callee = dotted(node.func)
        rest: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
        if callee:
            self.uses.setdefault((self._scope, callee, "call"), self._line)
            if callee == "globals" and not self._scope:
                self.open_namespace = True
            found = strings.read_call_texts(node, callee, self._line, self._scope)
            self.texts.update(dict.fromkeys(found))
            dynamic = strings.read_dynamic(node, callee, self._line, self._scope)
            if dynamic is not None:
                self.dynamics.append(dynamic)
            if found:
                told = {fact.value for fact in found}
                rest = [item for item in rest if text(item) not in told and not set(texts(item)) & told]
            if callee.rpartition(".")[2] in _DEPENDS:
                self._depends(node)
        else:
            stack.append(node.func)
            found = strings.read_call_texts(node, _method(node.func), self._line, self._scope)
            if found:
                told = {fact.value for fact in found}
                self.texts.update(dict.fromkeys(found))
                rest = [item for item in rest if text(item) not in told]
        stack.extend(reversed(rest))

    def _depends(self, node: ast.Call) -> None:
        dependency = argument(node, 0, "dependency")
        if isinstance(dependency, ast.Call):
            dependency = dependency.func
        if dependency is not None:
            self._use(dependency, "depends")


def _all_of(*conditions: str) -> str:
    return " and ".join(filter(None, conditions))


def _method(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _unparse(node: ast.expr) -> str:
    """A condition as short text; one that the reader gave no positions for unparses all the same."""
    return ast.unparse(node)[:80]


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a node class that can hold nodes."""
    fields = _CHILDREN.get(kind)
    if fields is None:
        fields = tuple(name for name in getattr(kind, "_fields", ()) if name not in _LEAVES)
        _CHILDREN[kind] = fields
    return fields


_STATEMENTS: dict[type, Callable[[Walk, Any], None]] = {
    ast.Import: Walk._import,
    ast.ImportFrom: Walk._import,
    ast.FunctionDef: Walk._function_definition,
    ast.AsyncFunctionDef: Walk._function_definition,
    ast.ClassDef: Walk._class_definition,
    ast.Assign: Walk._assign,
    ast.AnnAssign: Walk._assign,
    ast.AugAssign: Walk._assign,
    ast.Expr: Walk._statement_expression,
    ast.Return: Walk._return,
    ast.If: Walk._if,
    ast.Try: Walk._try,
    ast.TryStar: Walk._try,
    ast.For: Walk._for,
    ast.AsyncFor: Walk._for,
}
