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
    dotted_name,
    read,
    read_arguments,
    read_call_arguments,
    read_optional,
    read_target,
)
from decomposer.syntax.cst_patterns import read_pattern
from decomposer.syntax.cst_simple import HAS_TYPE_PARAMETERS, read_simple, read_type_parameters
from decomposer.syntax.logical_lines import LogicalLines

_NOWHERE = cst.Module([])


def read_block(statements: Sequence[cst.CSTNode], lines: LogicalLines) -> list[ast.stmt]:
    """The statements of a module or an indented block."""
    block: list[ast.stmt] = []
    for statement in statements:
        if type(statement) is cst.SimpleStatementLine:
            line = lines.take()
            body = statement.body
            if len(body) == 1:
                node = read_simple(body[0])
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
    nodes = [read_simple(statement) for statement in body]
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
    if HAS_TYPE_PARAMETERS:
        made.type_params = read_type_parameters(node.type_parameters)  # type: ignore[attr-defined]
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
    kind = read_optional(node.type)
    name = None if node.name is None else dotted_name(node.name.name)
    made = ast.ExceptHandler(kind, name, _suite(node.body, lines))
    made.lineno = line
    return made


def _match(node: cst.Match, lines: LogicalLines) -> ast.Match:
    line = lines.take()
    cases: list[ast.match_case] = []
    for case in node.cases:
        lines.take()
        guard = read_optional(case.guard)
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
