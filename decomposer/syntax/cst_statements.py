"""LibCST's statements as the `ast` nodes that CPython makes of them, with the lines where they begin.

Every function takes the logical lines that belong to its statement, in the order in which they are written:
one for each decorator, header, `else` and line of simple statements.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from decomposer.syntax.cst_expressions import (
    BINARY,
    DELETE,
    STORE,
    dotted_name,
    read,
    read_arguments,
    read_call_arguments,
    read_target,
)
from decomposer.syntax.cst_patterns import read_pattern
from decomposer.syntax.logical_lines import LogicalLines

_NOWHERE = cst.Module([])
# Classes that the running interpreter may not have yet.
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", None)
_TYPE_VAR: Any = getattr(ast, "TypeVar", None)
_TYPE_PARAMETERS = {cst.TypeVarTuple: getattr(ast, "TypeVarTuple", None), cst.ParamSpec: getattr(ast, "ParamSpec", None)}
_HAS_DEFAULTS = "default_value" in getattr(_TYPE_VAR, "_fields", ())


def read_block(statements: Sequence[cst.CSTNode], lines: LogicalLines) -> list[ast.stmt]:
    """The statements of a module or an indented block."""
    block: list[ast.stmt] = []
    for statement in statements:
        if type(statement) is cst.SimpleStatementLine:
            line = lines.take()
            body = statement.body
            if len(body) == 1:
                node = _SIMPLE[type(body[0])](body[0])
                node.lineno = line
                block.append(node)
            else:
                block += _joined(body, line, lines.end)
        else:
            block.append(_COMPOUND[type(statement)](statement, lines))
    return block


def _suite(node: cst.BaseSuite, lines: LogicalLines) -> list[ast.stmt]:
    """What follows a header's colon, be it on further lines or on the header's own."""
    if type(node) is cst.IndentedBlock:
        return read_block(node.body, lines)
    return _joined(node.body, lines.starts[lines.taken - 1], lines.end)  # type: ignore[arg-type]


def _joined(body: Sequence[cst.BaseSmallStatement], line: int, end: int) -> list[ast.stmt]:
    """Statements that end one logical line, which spans the physical lines from `line` to `end`."""
    nodes = [_SIMPLE[type(statement)](statement) for statement in body]
    if line == end:
        for node in nodes:
            node.lineno = line
        return nodes
    # Only the end is known of such a line: the statements are laid out upwards from there.
    trailing = " ;\\\t\f\n"
    for statement, node in zip(reversed(body), reversed(nodes), strict=True):
        end -= _NOWHERE.code_for_node(statement).rstrip(trailing).count("\n")
        trailing = ""
        node.lineno = end
    return nodes


# --- simple statements ---------------------------------------------------------------------------------


def _assign(node: cst.Assign) -> ast.Assign:
    return ast.Assign([read_target(target.target) for target in node.targets], read(node.value))


def _annotated(node: cst.AnnAssign) -> ast.AnnAssign:
    target = read_target(node.target)
    simple = int(type(target) is ast.Name and not node.target.lpar)
    value = None if node.value is None else read(node.value)
    return ast.AnnAssign(target, read(node.annotation.annotation), value, simple)  # type: ignore[arg-type]


def _augmented(node: cst.AugAssign) -> ast.AugAssign:
    return ast.AugAssign(read_target(node.target), _AUGMENTED[type(node.operator)], read(node.value))  # type: ignore[arg-type]


def _delete(node: cst.Del) -> ast.Delete:
    target = read_target(node.target, DELETE)
    return ast.Delete(target.elts if isinstance(target, ast.Tuple) and not node.target.lpar else [target])


def _alias(node: cst.ImportAlias) -> ast.alias:
    asname = None if node.asname is None else dotted_name(node.asname.name)  # type: ignore[arg-type]
    return ast.alias(dotted_name(node.name) or "", asname)


def _import(node: cst.Import | cst.LazyImport) -> ast.Import:
    return ast.Import([_alias(alias) for alias in node.names])


def _import_from(node: cst.ImportFrom | cst.LazyImportFrom) -> ast.ImportFrom:
    names = node.names
    aliases = [ast.alias("*")] if isinstance(names, cst.ImportStar) else [_alias(alias) for alias in names]
    return ast.ImportFrom(dotted_name(node.module), aliases, len(node.relative))


def _raise(node: cst.Raise) -> ast.Raise:
    exception = None if node.exc is None else read(node.exc)
    return ast.Raise(exception, None if node.cause is None else read(node.cause.item))


def _return(node: cst.Return) -> ast.Return:
    return ast.Return(None if node.value is None else read(node.value))


def _assert(node: cst.Assert) -> ast.Assert:
    return ast.Assert(read(node.test), None if node.msg is None else read(node.msg))


def _type_alias(node: cst.TypeAlias) -> ast.stmt:
    name = ast.Name(node.name.value, STORE)
    if _TYPE_ALIAS is None:
        return ast.Assign([name], read(node.value))
    alias: ast.stmt = _TYPE_ALIAS(name, _type_parameters(node.type_parameters), read(node.value))
    return alias


def _type_parameters(node: cst.TypeParameters | None) -> list[ast.AST]:
    parameters: list[ast.AST] = []
    for item in () if node is None else node.params:
        parameter = item.param
        name = parameter.name.value
        if isinstance(parameter, cst.TypeVar):
            made = _TYPE_VAR(name, None if parameter.bound is None else read(parameter.bound))
        else:
            made = _TYPE_PARAMETERS[type(parameter)](name)
        if _HAS_DEFAULTS and item.default is not None:
            default = read(item.default)
            made.default_value = ast.Starred(default, ast.Load()) if item.star else default
        parameters.append(made)
    return parameters


_AUGMENTED = {getattr(cst, f"{operator.__name__}Assign"): made for operator, made in BINARY.items()}
_SIMPLE: dict[type, Callable[[Any], ast.stmt]] = {
    cst.Expr: lambda node: ast.Expr(read(node.value)),
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.LazyImport: _import,
    cst.LazyImportFrom: _import_from,
    cst.Global: lambda node: ast.Global([item.name.value for item in node.names]),
    cst.Nonlocal: lambda node: ast.Nonlocal([item.name.value for item in node.names]),
    cst.Pass: lambda node: ast.Pass(),
    cst.Break: lambda node: ast.Break(),
    cst.Continue: lambda node: ast.Continue(),
    cst.TypeAlias: _type_alias,
}

# --- compound statements ---------------------------------------------------------------------------------


def _else(node: cst.Else | cst.Finally | None, lines: LogicalLines) -> list[ast.stmt]:
    if node is None:
        return []
    lines.take()
    return _suite(node.body, lines)


def _decorators(decorators: Sequence[cst.Decorator], lines: LogicalLines) -> list[ast.expr]:
    nodes: list[ast.expr] = []
    for decorator in decorators:
        node = read(decorator.decorator)
        node.lineno = lines.take()
        nodes.append(node)
    return nodes


def _function(node: cst.FunctionDef, lines: LogicalLines) -> ast.stmt:
    kind = ast.FunctionDef if node.asynchronous is None else ast.AsyncFunctionDef
    decorators = _decorators(node.decorators, lines)
    line = lines.take()
    returns = None if node.returns is None else read(node.returns.annotation)
    arguments = read_arguments(node.params)
    function = kind(node.name.value, arguments, _suite(node.body, lines), decorators, returns)
    return _defined(function, node, line, lines.end)


def _class(node: cst.ClassDef, lines: LogicalLines) -> ast.stmt:
    decorators = _decorators(node.decorators, lines)
    line = lines.take()
    bases, keywords = read_call_arguments((*node.bases, *node.keywords))
    made = ast.ClassDef(node.name.value, bases, keywords, _suite(node.body, lines), decorators)
    return _defined(made, node, line, lines.end)


def _defined(made: ast.stmt, node: cst.FunctionDef | cst.ClassDef, line: int, end: int) -> ast.stmt:
    """The definition with its lines and, where `ast` knows them, its type parameters."""
    made.lineno, made.end_lineno = line, end
    if _TYPE_VAR is not None:
        made.type_params = _type_parameters(node.type_parameters)  # type: ignore[attr-defined]
    return made


def _if(node: cst.If, lines: LogicalLines) -> ast.If:
    line = lines.take()
    first = branch = ast.If(read(node.test), _suite(node.body, lines), [])
    branch.lineno = line
    orelse = node.orelse
    while isinstance(orelse, cst.If):  # a loop, for there may be very many
        line = lines.take()
        inner = ast.If(read(orelse.test), _suite(orelse.body, lines), [])
        inner.lineno = line
        branch.orelse = [inner]
        branch, orelse = inner, orelse.orelse
    branch.orelse = _else(orelse, lines)
    return first


def _for(node: cst.For, lines: LogicalLines) -> ast.stmt:
    kind = ast.For if node.asynchronous is None else ast.AsyncFor
    line = lines.take()
    body = _suite(node.body, lines)
    made = kind(read_target(node.target), read(node.iter), body, _else(node.orelse, lines))
    made.lineno = line
    return made


def _while(node: cst.While, lines: LogicalLines) -> ast.While:
    line = lines.take()
    body = _suite(node.body, lines)
    made = ast.While(read(node.test), body, _else(node.orelse, lines))
    made.lineno = line
    return made


def _with(node: cst.With, lines: LogicalLines) -> ast.stmt:
    kind = ast.With if node.asynchronous is None else ast.AsyncWith
    line = lines.take()
    items = [
        ast.withitem(read(item.item), None if item.asname is None else read_target(item.asname.name))
        for item in node.items
    ]
    made = kind(items, _suite(node.body, lines))
    made.lineno = line
    return made


def _try(node: cst.Try | cst.TryStar, lines: LogicalLines) -> ast.stmt:
    kind = ast.Try if isinstance(node, cst.Try) else ast.TryStar
    line = lines.take()
    body = _suite(node.body, lines)
    handlers = [_handler(handler, lines) for handler in node.handlers]
    orelse = _else(node.orelse, lines)
    made = kind(body, handlers, orelse, _else(node.finalbody, lines))
    made.lineno = line
    return made


def _handler(node: cst.ExceptHandler | cst.ExceptStarHandler, lines: LogicalLines) -> ast.ExceptHandler:
    line = lines.take()
    kind = None if node.type is None else read(node.type)
    name = None if node.name is None else dotted_name(node.name.name)  # type: ignore[arg-type]
    made = ast.ExceptHandler(kind, name, _suite(node.body, lines))
    made.lineno = line
    return made


def _match(node: cst.Match, lines: LogicalLines) -> ast.Match:
    line = lines.take()
    cases: list[ast.match_case] = []
    for case in node.cases:
        lines.take()
        guard = None if case.guard is None else read(case.guard)
        cases.append(ast.match_case(read_pattern(case.pattern), guard, _suite(case.body, lines)))
    made = ast.Match(read(node.subject), cases)
    made.lineno = line
    return made


_COMPOUND: dict[type, Callable[[Any, LogicalLines], ast.stmt]] = {
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.Match: _match,
}
