"""Which parts of an expression are certain to be evaluated, and what some of them are known to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.syntax.dotted import argument, dotted, text
from decomposer.syntax.expressions import fields
from decomposer.syntax.imports import is_type_checking
from decomposer.syntax.strings import DYNAMIC_CALLS

OPENING = frozenset({"globals", "vars", "exec", "setattr", "locals"})
"""Functions that can give a module names which its text does not show."""
_MAIN = "__name__ == '__main__'"


def evaluated(root: ast.AST | None) -> Iterator[ast.AST]:
    """Names, chains of attributes, calls (after their arguments) and `:=`, in the order of their evaluation."""
    stack: list[tuple[ast.AST, bool]] = [(root, False)] if root is not None else []
    while stack:
        node, ready = stack.pop()
        kind = type(node)
        if ready or kind is ast.Name or (kind is ast.Attribute and dotted(node)):
            yield node
        elif kind is not ast.Constant:
            if isinstance(node, (ast.Call, ast.NamedExpr)):
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(_certain(node)))


def _certain(node: ast.AST) -> list[ast.AST]:
    """The parts of an expression that are evaluated whenever it is, in order."""
    if isinstance(node, ast.BoolOp):
        return [node.values[0]]
    if isinstance(node, (ast.IfExp, ast.Assert)):
        return [node.test]
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return [node.generators[0].iter]
    if isinstance(node, ast.Lambda):
        return [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]
    if isinstance(node, ast.NamedExpr):
        return [node.value]
    children: list[ast.AST] = []
    for field in fields(type(node)):
        value = getattr(node, field)
        if isinstance(value, list):
            children.extend(item for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
            children.append(value)
    return children


def verdict(test: ast.expr) -> bool | None:
    """Whether a condition holds while a module is loaded; None when the text does not say."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = verdict(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if is_type_checking(test) or (isinstance(test, ast.Compare) and ast.unparse(test) == _MAIN):
        return False
    return None


def dynamic_load(call: ast.Call, callee: str) -> tuple[int, str] | None:
    """The `(level, module)` that `import_module("...")` loads; None for any other call, and for a computed name."""
    if callee.rpartition(".")[2] not in DYNAMIC_CALLS:
        return None
    module = text(argument(call, 0, "name"))
    if module is None:
        return None
    name = module.lstrip(".")
    level = len(module) - len(name)
    package = argument(call, 1, "package")
    if level and text(package) is not None:
        return None  # relative to a package that is spelled out
    return level, name


def exception_name(node: ast.expr) -> str:
    """The last part of an exception's name; "" for one that is computed, which may be any."""
    return dotted(node).rpartition(".")[2]
