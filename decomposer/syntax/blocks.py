"""Blocks of statements: those inside a statement, what they bind, and whether anything is left of one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

Block = list[ast.stmt]


def is_hollow(body: Block, dropped: Collection[ast.stmt]) -> bool:
    """Whether nothing is left of a body that did something."""
    left = [s for s in body if s not in dropped and not isinstance(s, ast.Pass)
            and not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]  # fmt: skip
    return not left and any(statement in dropped for statement in body)


def hands_on(statement: ast.stmt) -> bool:
    """Whether a statement imports, or says what may be imported."""
    if isinstance(statement, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in statement.targets)
    if isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        return isinstance(statement.target, ast.Name) and statement.target.id == "__all__"
    inner = [s for s in within(statement) if isinstance(s, (ast.Import, ast.ImportFrom))]
    return isinstance(statement, (ast.Import, ast.ImportFrom)) or (
        bool(inner) and isinstance(statement, (ast.Try, ast.If))
    )


def bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement itself binds."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Assign():
            yield from (n.id for t in statement.targets for n in ast.walk(t)
                        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))  # fmt: skip
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def blocks(statement: ast.stmt) -> Iterator[Block]:
    """The blocks of a statement."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list):
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def within(statement: ast.stmt) -> Iterator[ast.stmt]:
    """All statements inside a statement."""
    for block in blocks(statement):
        for inner in block:
            yield inner
            yield from within(inner)
