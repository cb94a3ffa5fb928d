"""Names of modules that a file gives another value from outside: by patching them, or by assigning to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.syntax.dotted import argument, dotted, text
from decomposer.syntax.parse import parse

_PATCHING = frozenset({"patch", "multiple", "setattr", "delattr", "patch_object", "object", "spy", "stub", "setitem"})


def read_replaced(source: bytes) -> Iterator[tuple[str, str, int]]:
    """`(owner, name, line)` of each: the owner is a dotted name, of a module as the file calls it or in full.

    A file that Python cannot read replaces nothing.
    """
    try:
        tree = parse(source, "ast")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call() if dotted(node.func).rpartition(".")[2] in _PATCHING or (
                isinstance(node.func, ast.Attribute) and node.func.attr in _PATCHING
            ):
                yield from _patched(node)
            case ast.Attribute(ctx=ast.Store() | ast.Del()) if dotted(node.value):
                yield dotted(node.value), node.attr, node.lineno


def _patched(call: ast.Call) -> Iterator[tuple[str, str, int]]:
    first = argument(call, 0, "target")
    second = argument(call, 1, "attribute") or argument(call, 1, "name")
    written = text(first)
    if written is not None:
        owner, _, name = written.rpartition(".")
        yield owner, name, call.lineno
        yield from ((written, keyword.arg, call.lineno) for keyword in call.keywords if keyword.arg)
        if text(second) is not None:
            yield written, text(second) or "", call.lineno
    elif dotted(first):
        if text(second) is not None:
            yield dotted(first), text(second) or "", call.lineno
        yield from ((dotted(first), keyword.arg, call.lineno) for keyword in call.keywords if keyword.arg)
