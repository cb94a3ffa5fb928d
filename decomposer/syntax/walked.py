"""Where a file uses a module as a value: passes it on, or goes through what is in it, where the order may count."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.syntax.dotted import argument, dotted, text
from decomposer.syntax.parse import parse

_BY_NAME = frozenset({"getattr", "hasattr", "setattr", "delattr", "isinstance", "reload", "object", "multiple", "spy",
                      "getsource", "getsourcefile", "getfile"})  # fmt: skip
"""Functions that ask a module for one name that they are given, or for none."""
_OWN = frozenset({"globals", "vars", "dir", "locals"})
_KEYS = frozenset({"get", "update", "setdefault"})
_LOADING = frozenset({"import_module", "__import__"})


def read_walked(source: bytes) -> Iterator[tuple[str, int]]:
    """`(module, line)` of each: a dotted name as the file calls it or in full, "" for the file's own module.

    Every dotted name that is a value is among them, whether it is a module or not. A file that Python cannot read has
    none.
    """
    try:
        tree = parse(source, "ast")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    inside = {id(inner) for node in ast.walk(tree)
                 if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
                 for inner in ast.walk(node)}  # fmt: skip
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        name = dotted(node)
        if name:
            module, _, asked = name.partition(".__dict__")
            if not isinstance(getattr(node, "ctx", None), ast.Store) and asked.lstrip(".") not in _KEYS:
                yield module, getattr(node, "lineno", 0)
            continue
        loaded = _loaded(node)
        if loaded is not None:
            yield loaded, getattr(node, "lineno", 0)
        waiting += reversed([child for child in ast.iter_child_nodes(node) if not _is_asked(node, child)])
        if isinstance(node, ast.Call) and _is_own(node, id(node) in inside):
            yield "", node.lineno


def _is_asked(node: ast.AST, child: ast.AST) -> bool:
    """Whether a child needs no look: a module that is asked for one name, a mapping for one key, what is loaded."""
    match node:
        case ast.Expr():
            return _loaded(child) is not None
        case ast.Attribute(attr=attr):
            is_key = attr in _KEYS and isinstance(child, ast.Call) and _is_own(child, False)
            return is_key or (attr != "__dict__" and _loaded(child) is not None)
        case ast.Subscript(value=ast.Call() as value):
            return child is value and _is_own(value, False)
        case ast.Call(func=func, args=[first, *_]):
            return child is first and dotted(func).rpartition(".")[2] in _BY_NAME
    return False


def _loaded(node: ast.AST) -> str | None:
    """The module in full that an expression gets by its name; None for anything else."""
    match node:
        case ast.Call() if dotted(node.func).rpartition(".")[2] in _LOADING:
            return text(argument(node, 0, "name"))
        case ast.Subscript(value=value, slice=index) if dotted(value) == "sys.modules":
            return "" if dotted(index) == "__name__" else text(index)
    return None


def _is_own(call: ast.Call, is_inside: bool) -> bool:
    """Whether a call gives all names of the module in which it stands; in a function, only `globals` does."""
    name = dotted(call.func)
    return name in _OWN and not call.args and not call.keywords and (name == "globals" or not is_inside)
