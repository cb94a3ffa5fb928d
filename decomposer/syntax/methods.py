"""The classes of a module: their methods, and what of the object each method names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.model.units import ClassOutline, Method
from decomposer.syntax.parse import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_classes(source: bytes) -> Iterator[ClassOutline]:
    """The outlines of the classes at a module's top level.

    Raises SyntaxError for a file that Python cannot read.
    """
    for node in parse(source, "ast").body:
        if isinstance(node, ast.ClassDef):
            methods = tuple(_method(item) for item in node.body if isinstance(item, _FUNCTIONS))
            yield ClassOutline(node.name, node.lineno, node.end_lineno or node.lineno, methods)


def _method(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Method:
    arguments = [*function.args.posonlyargs, *function.args.args]
    own = arguments[0].arg if arguments else ""
    uses = {
        node.attr for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own
    }  # fmt: skip
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return Method(function.name, first, function.end_lineno or function.lineno, frozenset(uses))
