"""The names that a top-level statement binds in its module, and those that it looks up while the module loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds in the scope it stands in, in order."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
            return
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
            return
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        for child in reversed(list(ast.iter_child_nodes(node))):
            if isinstance(child, (*_FUNCTIONS, ast.ClassDef, ast.Import, ast.ImportFrom)):
                yield from bound_names(child)
            elif not isinstance(child, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                stack.append(child)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name


def certain_names(statement: ast.stmt) -> set[str]:
    """The names that a statement binds however it runs, as long as it does not raise."""
    match statement:
        case ast.If():
            return _certain(statement.body) & _certain(statement.orelse)
        case ast.Try():
            ways = [_certain([*statement.body, *statement.orelse])]
            ways += [_certain(handler.body) for handler in statement.handlers if not _raises(handler.body)]
            return set.intersection(*ways) | _certain(statement.finalbody)
        case ast.With() | ast.AsyncWith():
            inside = {name for inner in statement.body for name in bound_names(inner)}
            return _certain(statement.body) | (set(bound_names(statement)) - inside)
        case ast.For() | ast.AsyncFor() | ast.While() | ast.Match() | ast.TryStar():
            return set()
    return set(bound_names(statement))


def _certain(body: list[ast.stmt]) -> set[str]:
    return {name for statement in body for name in certain_names(statement)}


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def loaded_names(statement: ast.stmt, future: bool) -> Iterator[str]:
    """The names that a statement looks up while it runs: not those in the bodies of functions.

    With `future`, annotations are not looked up either.
    """
    stack: list[ast.AST | None] = [statement]
    while stack:
        node = stack.pop()
        match node:
            case ast.Name(ctx=ast.Load() | ast.Del()):
                yield node.id
            case ast.AugAssign(target=ast.Name(id=name)):
                yield name
                stack.append(node.value)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                stack += [*node.args.defaults, *node.args.kw_defaults]
                if not isinstance(node, ast.Lambda):
                    stack += node.decorator_list
                    if not future:
                        stack += [*(a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg)), node.returns]
            case ast.AnnAssign():
                stack += [node.target, node.value, *([] if future else [node.annotation])]
            case ast.AST():
                stack += ast.iter_child_nodes(node)
