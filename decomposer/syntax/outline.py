"""What a module is made of, and where it uses some names: as identifiers, or only to define or hand them on."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from decomposer.model.dead_code import Outline, Part
from decomposer.syntax.dotted import dotted
from decomposer.syntax.header import is_generated
from decomposer.syntax.parse import parse

_BUILTINS = frozenset({"eval", "exec", "globals", "locals"})
_ALWAYS = _BUILTINS | {"__subclasses__", "getmembers", "iter_modules", "walk_packages"}
_OF_MODULES = frozenset({"__dict__", "dir", "vars"})
"""Means to look names up that ask objects as well: they count where they ask something that is imported, or a scope."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_outline(source: bytes, names: Container[str]) -> Outline:
    """The outline of a module, as far as `names` go.

    Raises what the reader raises for a file that Python cannot read: SyntaxError, ValueError, RecursionError.
    """
    tree = parse(source, "ast")
    nodes = list(ast.walk(tree))
    uses: set[tuple[str, int]] = set()
    looks_up: set[str] = set()
    quoted: set[int] = set()
    imported = {node.asname or node.name.partition(".")[0] for node in nodes if isinstance(node, ast.alias)}
    documented = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # nothing reads them but people
    silent = {(name, line) for name, line in _exports(tree) if name in names}
    for node in nodes:
        if isinstance(node, ast.alias):
            for name in {*node.name.split("."), node.asname or node.name}:
                if name in names:
                    found = silent if node.asname in (None, node.name) and "." not in node.name else uses
                    found.add((name, node.lineno))
            continue
        if isinstance(node, ast.ImportFrom):
            silent.update((name, node.lineno) for name in (node.module or "").split(".") if name in names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            quoted.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, (ast.Call, ast.Attribute)):
            looks_up.update(_means(node, imported))
        for name, line in _names(node):
            if name in names:
                uses.add((name, line))
    silent |= {(s.name, s.lineno) for s in tree.body if isinstance(s, _DEFINITIONS) and s.name in names}
    return Outline(tuple(_parts(tree)), frozenset(uses - silent), frozenset(silent), frozenset(quoted),
                   frozenset(looks_up), any(map(_is_main, tree.body)), is_generated(source))  # fmt: skip


def _means(node: ast.Call | ast.Attribute, imported: Container[str]) -> Iterator[str]:
    """The means by which an expression looks names up of modules, if it does."""
    if isinstance(node, ast.Attribute):
        name, asked = node.attr, [node.value]
    else:
        name, asked = (node.func.id if isinstance(node.func, ast.Name) else ""), node.args
    if name in _OF_MODULES:
        about = dotted(asked[0]).partition(".")[0] if asked else ""
        if not asked or about in imported or isinstance(asked[0], ast.Subscript):
            yield name
    elif name in _ALWAYS and not (isinstance(node, ast.Attribute) and name in _BUILTINS):
        yield name


def _parts(tree: ast.Module) -> Iterator[Part]:
    for statement in tree.body:
        if isinstance(statement, _DEFINITIONS):
            start = min(statement.lineno, *(d.lineno for d in statement.decorator_list)) \
                if statement.decorator_list else statement.lineno  # fmt: skip
            made = tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in statement.decorator_list)
            kind, bases, keywords = "function", tuple[str, ...](), tuple[str, ...]()
            if isinstance(statement, ast.ClassDef):
                kind = "class"
                bases = tuple(dotted(b.value if isinstance(b, ast.Subscript) else b) for b in statement.bases)
                keywords = tuple(keyword.arg or "" for keyword in statement.keywords)
            yield Part(statement.name, kind, start, statement.end_lineno or start, made, bases, keywords)


def _names(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The identifiers that a node itself has, each with its line."""
    match node:
        case ast.Name():
            yield node.id, node.lineno
        case ast.Attribute():
            yield node.attr, node.end_lineno or node.lineno
        case ast.arg():
            yield node.arg, node.lineno
        case ast.keyword(arg=str(name)):
            yield name, node.lineno
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, node.lineno
        case ast.Global() | ast.Nonlocal():
            yield from ((name, node.lineno) for name in node.names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, node.lineno
        case ast.MatchClass():
            yield from ((name, node.lineno) for name in node.kwd_attrs)


def _exports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The strings of `__all__`."""
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else \
            [statement.target] if isinstance(statement, (ast.AnnAssign, ast.AugAssign)) else []  # fmt: skip
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value, node.lineno


def _is_main(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__":`."""
    if not isinstance(statement, ast.If) or not isinstance(statement.test, ast.Compare):
        return False
    compared = [statement.test.left, *statement.test.comparators]
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in compared)
