"""What a module catches around calls of what it has from another one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from decomposer.syntax.dotted import dotted

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def read_caught(source: bytes, names: Collection[str]) -> Iterator[tuple[str, int]]:
    """`(written, line)` of each exception that is caught where a name is used, or what is made of it, or calls it.

    `names` are dotted, as the module spells them. Raises SyntaxError for what Python cannot read.
    """
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    known = _followed(nodes, set(names))
    for node in nodes:
        if isinstance(node, ast.Try | ast.TryStar) and _says(node.body, known):
            for handler in node.handlers:
                yield from _written(handler.type)
        elif isinstance(node, ast.With) and _says(node.body, known):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and dotted(call.func).rpartition(".")[2] == "suppress":
                    for kind in call.args:
                        yield from _written(kind)


def _followed(nodes: Iterable[ast.AST], known: set[str]) -> set[str]:
    """The names with those that are bound to what is made of them, and those of functions that use them."""
    nodes = [node for node in nodes
             if isinstance(node, (*_FUNCTIONS, ast.Assign, ast.AnnAssign, ast.withitem, ast.arg))]  # fmt: skip
    before = -1
    while before != len(known):
        before = len(known)
        for node in nodes:
            known |= set(_bound(node, known))
    return known


def _bound(node: ast.AST, known: set[str]) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name, body=body) | ast.AsyncFunctionDef(name=name, body=body) if _says(body, known):
            yield from (name, f"self.{name}", f"cls.{name}")
        case ast.Assign(targets=targets, value=value) if _says([value], known):
            yield from filter(None, map(dotted, targets))
        case ast.AnnAssign(target=target) if _says([node], known):
            yield from filter(None, [dotted(target)])
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if _says([value], known):
            yield from filter(None, [dotted(target)])
        case ast.arg(arg=name, annotation=ast.expr() as annotation) if _says([annotation], known):
            yield name


def _says(nodes: Iterable[ast.AST], known: Collection[str]) -> bool:
    """Whether any of some nodes, or what is inside, is one of the names or an attribute of one."""
    said = (dotted(inner) for node in nodes for inner in ast.walk(node)
            if isinstance(inner, ast.Name | ast.Attribute))  # fmt: skip
    return any(name in known for name in said if name)


def _written(kind: ast.expr | None) -> Iterator[tuple[str, int]]:
    for one in kind.elts if isinstance(kind, ast.Tuple) else [kind]:
        if dotted(one) and one is not None:
            yield dotted(one), one.lineno
