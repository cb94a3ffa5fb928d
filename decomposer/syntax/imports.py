"""Import statements: read as facts, with the kind that says when they run and whether they may fail."""

from __future__ import annotations

import ast

from decomposer.model.facts import Import
from decomposer.syntax.dotted import dotted

IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def read_import(node: ast.Import | ast.ImportFrom, kind: str, scope: str) -> list[Import]:
    """The statement as facts: one for each module of `import a, b`, one for a whole `from` statement."""
    if isinstance(node, ast.ImportFrom):
        names = tuple((alias.name, alias.asname or alias.name) for alias in node.names)
        return [Import(node.lineno, kind, scope, True, node.level, node.module or "", names)]
    return [
        Import(node.lineno, kind, scope, False, 0, alias.name,
               ((alias.name, alias.asname or alias.name.partition(".")[0]),))
        for alias in node.names
    ]  # fmt: skip


def import_kind(in_function: bool, typing_only: bool, guarded: bool) -> str:
    """When an import runs: typing before lazy before optional before load."""
    if typing_only:
        return "typing"
    if in_function:
        return "lazy"
    return "optional" if guarded else "load"


def guards_imports(node: ast.Try) -> bool:
    """Whether a `try` goes on when an import inside it fails."""
    for handler in node.handlers:
        if handler.type is None:
            return True
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(dotted(name).rpartition(".")[2] in IMPORT_ERRORS for name in caught):
            return True
    return False


def is_type_checking(test: ast.expr) -> bool:
    """Whether an `if` holds only for type checkers."""
    return dotted(test).rpartition(".")[2] == "TYPE_CHECKING"
