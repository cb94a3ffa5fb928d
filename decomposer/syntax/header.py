"""Where the code of a module begins: after its docstring and its `__future__` imports."""

from __future__ import annotations

import ast


def first_statement_offset(source: bytes) -> int:
    """The byte at which a line of one's own may be put before all other code, comments above it included.

    Raises SyntaxError for a module that cannot be read.
    """
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source)
    last = 0
    for position, statement in enumerate(tree.body):
        docstring = (
            position == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        )  # fmt: skip
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not docstring and not future:
            break
        last = statement.end_lineno or statement.lineno
    if last == 0:
        while last < len(lines) and lines[last].lstrip(b"\xef\xbb\xbf").startswith(b"#") and last < 2 and (
            lines[last].startswith(b"#!") or b"coding" in lines[last]
        ):  # fmt: skip
            last += 1
        if last == 0 and source.startswith(b"\xef\xbb\xbf"):
            return 3
    return sum(len(line) for line in lines[:last])
