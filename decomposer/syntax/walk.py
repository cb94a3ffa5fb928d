"""One pass over a module's tree that hands every statement and call to the forms of reference."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from decomposer.model.facts import Definition, RouteEvent, Text
from decomposer.syntax import routes, strings, tables
from decomposer.syntax.dotted import dotted, text, texts
from decomposer.syntax.expressions import Expressions, fields
from decomposer.syntax.imports import guards_imports, import_kind, is_type_checking, read_import

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Walk(Expressions):
    """What one module says, collected in source order; read the attributes after `module()`."""

    def module(self, tree: ast.Module) -> Walk:
        """Itself, after the whole tree has been read."""
        self._body(tree.body)
        return self

    def route_events(self) -> tuple[RouteEvent, ...]:
        """The events that bear on routes."""
        return routes.keep_events(self.events, self._parameters)

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
        for name in fields(type(node)):
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


def _all_of(*conditions: str) -> str:
    return " and ".join(filter(None, conditions))


def _unparse(node: ast.expr) -> str:
    """A condition as short text; one that the reader gave no positions for unparses all the same."""
    return ast.unparse(node)[:80]


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
