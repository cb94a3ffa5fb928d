"""The queries of a file: expressions of SQLAlchemy and SQLModel, and strings of SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from decomposer.model.queries import HOLE, Query
from decomposer.syntax.dotted import dotted
from decomposer.syntax.parse import parse

_ASKS = frozenset({
    "select", "query", "join", "outerjoin", "select_from", "join_from", "where", "filter", "filter_by", "having",
    "options", "selectinload", "joinedload", "subqueryload", "contains_eager", "with_only_columns", "add_columns",
    "exists", "update", "delete", "insert", "union", "union_all", "correlate", "using", "from_self", "aliased",
})  # fmt: skip
"""Calls that make or extend a query; one of them that is about something else names no table."""
_RUNS = frozenset({"text", "execute", "executemany", "executescript", "exec", "exec_driver_sql", "scalar", "scalars",
                   "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "read_sql", "read_sql_query", "DDL"})
"""Calls whose first text is SQL."""
_VERB = re.compile(r"\s*(?:--.*\n\s*)*\(?\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|REPLACE|MERGE|TRUNCATE|ALTER|DROP|"
                   r"CREATE|LOCK|COPY)\s")  # fmt: skip
_SCOPED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_TEXT = ast.Constant | ast.JoinedStr | ast.BinOp
_PERCENT = re.compile(r"%(?:\(\w+\))?[sdr]")
_BRACES = re.compile(r"\{[^{}]*\}")


def read_queries(source: bytes) -> list[Query]:
    """Every query of a file, in the order of the source; a query that goes on one in a variable has its names too.

    Raises what the reader raises for a file that Python cannot read: SyntaxError, ValueError, RecursionError.
    """
    reading = _Reading()
    for statement in parse(source, "ast").body:
        reading.visit(statement, "")
    return reading.found


class _Reading:
    """One walk through a module."""

    def __init__(self) -> None:
        self.found: list[Query] = []
        self.built: dict[tuple[str, str], tuple[str, ...]] = {}
        """Of each variable that holds a query the names in that, by scope."""

    def visit(self, node: ast.AST, scope: str) -> None:
        """Notes the queries in a node, the outermost expressions first."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                inner = f"{scope}.{node.name}" if scope else node.name
                for decorator in node.decorator_list:
                    self.visit(decorator, scope)
                for statement in node.body:
                    self.visit(statement, inner)
                return
            case ast.Expr(value=ast.Constant()):
                return  # a docstring
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(
                target=ast.Name(id=name), value=ast.expr() as value
            ):
                first = len(self.found)
                self.visit(value, scope)
                names = tuple(dict.fromkeys(name for query in self.found[first:] for name in query.names))
                self.built[scope, name] = names
                return
            case ast.Call() if _last(node) in _RUNS and node.args and _is_text(node.args[0]):
                self.note_text(node.args[0], scope, True)
                for other in (*node.args[1:], *node.keywords):
                    self.visit(other, scope)
                self.visit(node.func, scope)
                return
            case ast.Call() if _last(node) in _ASKS:
                self.note_query(node, scope)
                return
            case ast.Constant(value=str()) | ast.JoinedStr() | ast.BinOp() if _is_text(node):
                self.note_text(node, scope, False)
                return
        for child in ast.iter_child_nodes(node):
            self.visit(child, scope)

    def note_query(self, node: ast.Call, scope: str) -> None:
        """An expression of classes, and the strings of SQL in it."""
        names: dict[str, None] = {}
        for name in _names(node):
            names.update(dict.fromkeys(self.built.get((scope, name.partition(".")[0]), (name,))))
        self.found.append(Query(node.lineno, scope, tuple(names)))
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and _last(inner) in _RUNS and inner.args and _is_text(inner.args[0]):
                self.note_text(inner.args[0], scope, True)

    def note_text(self, node: ast.expr, scope: str, is_told: bool) -> None:
        """A string, where it is SQL."""
        written = _text(node)
        if is_told or _VERB.match(written):
            self.found.append(Query(node.lineno, scope, (), written, is_told))


def _last(call: ast.Call) -> str:
    """The name by which something is called, whatever it is a method of."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func)


def _names(node: ast.AST) -> Iterator[str]:
    """The outermost dotted names of an expression."""
    name = dotted(node)
    if name:
        yield name
        return
    for child in ast.iter_child_nodes(node):
        yield from _names(child)


def _is_text(node: ast.AST) -> bool:
    """Whether an expression is a string that is written here, or begins with one."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod()):
            return _is_text(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
    return False


def _text(node: ast.expr) -> str:
    """What a string says, with holes."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(value) for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left) + _text(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _PERCENT.sub(HOLE, _text(left))
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _BRACES.sub(HOLE, _text(value))
    return HOLE
