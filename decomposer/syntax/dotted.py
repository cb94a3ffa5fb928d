"""Expressions as text: dotted names, and strings that are put together from literals and names."""

from __future__ import annotations

import ast

MARK = "\x01"
"""Stands around a name inside a template: `\x01settings.prefix\x01/users`; an unknown part is `\x01?\x01`."""


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` for a chain of names and attributes, "" for anything else."""
    if type(node) is ast.Name:
        return node.id
    parts: list[str] = []
    while type(node) is ast.Attribute:
        parts.append(node.attr)
        node = node.value
    if type(node) is not ast.Name:
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


def text(node: ast.AST | None) -> str | None:
    """The value of a string literal, None for anything else."""
    if type(node) is ast.Constant and isinstance(node.value, str):
        return node.value
    return None


def texts(node: ast.AST | None) -> list[str]:
    """The string literals of a list, tuple or set display, or of the one literal given."""
    single = text(node)
    if single is not None:
        return [single]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [value for element in node.elts if (value := text(element)) is not None]
    return []


def template(node: ast.AST | None) -> str:
    """A string expression with its names marked: literals, `+`, f-strings and names; "" for no expression."""
    if node is None:
        return ""
    literal = text(node)
    if literal is not None:
        return literal
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return template(node.left) + template(node.right)
    if isinstance(node, ast.Constant) and node.value is None:
        return ""
    return f"{MARK}{dotted(node) or '?'}{MARK}"


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """The argument given at a position or by its keyword, None when it is not given."""
    for given in call.keywords:
        if given.arg == keyword:
            return given.value
    if 0 <= position < len(call.args):
        return call.args[position]
    return None
