"""Scopes: a module, its classes and functions, and the names that each binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.syntax.blocks import bound

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Bound:
    """What the scopes of a module bind, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[Scope, frozenset[str]] = {}

    def within(self, scope: Scope) -> frozenset[str]:
        """The names that a scope itself binds."""
        if scope not in self._known:
            self._known[scope] = frozenset(_names(scope))
        return self._known[scope]


def _names(scope: Scope) -> set[str]:
    names: set[str] = set()
    for node in own_nodes(scope):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.stmt):
            names.update(bound(node))
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    for node in own_nodes(scope):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            names.difference_update(node.names)
    return names


def own_nodes(scope: Scope) -> Iterator[ast.AST]:
    """All nodes of a scope that are not in a scope inside it; the definitions of those are."""
    stack: list[ast.AST] = [*ast.iter_child_nodes(scope)]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack.extend(ast.iter_child_nodes(node))
