"""The head of a module: where its code begins, after docstring and `__future__` imports, and what it says there."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from collections.abc import Iterator

_SPACE = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT})
_LINE_END = re.compile(rb"\r\n|\r|\n")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=]")
"""PEP 263: such a comment counts in the first two lines only, so nothing may come before it."""

_GENERATED = re.compile(rb"^(?:#|\"\"\").*(?:\bdo not (?:edit|modify)\b|@generated\b)", re.IGNORECASE | re.MULTILINE)
_HEAD = 1_000
"""So many bytes are read for what a program says of what it made."""


def is_generated(source: bytes) -> bool:
    """Whether a module says at its head that a program made it, and would make it again."""
    return _GENERATED.search(source[:_HEAD]) is not None


def first_statement_offset(source: bytes) -> int:
    """The byte at which lines of one's own may be put before all other code.

    That is after the docstring and the `__future__` imports; where there are none, after the comments at the
    top. Only the beginning is read: what follows may be newer than the running Python, or broken. Raises
    SyntaxError where even the beginning cannot be read.
    """
    mark = len(codecs.BOM_UTF8) if source.startswith(codecs.BOM_UTF8) else 0
    lines = source[mark:].splitlines(keepends=True)
    row, column = 0, 0
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(source).readline)[0].removesuffix("-sig")
        for position, (statement, after) in enumerate(_statements(lines, encoding)):
            if not _stays_on_top(statement, position == 0):
                break
            row, column = after
    except (tokenize.TokenError, UnicodeDecodeError) as error:
        raise SyntaxError(str(error)) from error
    if not row and not column:
        row = _lines_on_top(lines)
    within = len(lines[row].decode(encoding)[:column].encode(encoding)) if column else 0
    return mark + sum(len(line) for line in lines[:row]) + within


def guard_offset(source: bytes) -> int:
    """The byte at which `if __name__ == "__main__":` begins at a module's top level; -1 where nothing is so."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return -1
    for node in body:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and any(
            isinstance(side, ast.Name) and side.id == "__name__" for side in (node.test.left, *node.test.comparators)
        ):  # fmt: skip
            return [0, *(match.end() for match in _LINE_END.finditer(source))][node.lineno - 1]
    return -1


def _statements(lines: list[bytes], encoding: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The text of each statement (of a compound one the header), and the row and column of what follows it.

    Rows count from 0, columns in characters.
    """
    decoded = (line.decode(encoding).rstrip("\r\n") + "\n" for line in lines)
    statement: list[str] = []
    joined = False
    for token in tokenize.generate_tokens(lambda: next(decoded, "")):
        if joined and token.type != tokenize.NEWLINE:  # `"""doc"""; import os`
            yield " ".join(statement), (token.start[0] - 1, token.start[1])
            statement = []
        joined = token.string == ";"
        if token.type == tokenize.NEWLINE:
            yield " ".join(statement), (token.start[0], 0)
            statement = []
        elif token.type not in _SPACE and not joined:
            statement.append(token.string)


def _stays_on_top(statement: str, is_first: bool) -> bool:
    """Whether a statement is the module's docstring or a `__future__` import."""
    try:
        body = ast.parse(statement).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False  # the header of a compound statement, or nothing that belongs on top
    match body:
        case [ast.Expr(value=ast.Constant(value=str()))]:
            return is_first
        case [ast.ImportFrom(module="__future__", level=0)]:
            return True
    return False


def _lines_on_top(lines: list[bytes]) -> int:
    """How many lines to leave on top of a module without docstring: its interpreter, encoding and licence."""
    count = 0
    while count < len(lines) and lines[count].startswith(b"#"):
        count += 1
    if count < len(lines) and lines[count].strip():  # the comment speaks of the code that follows at once
        count = 1 if lines[0].startswith(b"#!") else 0
    cookies = [row for row, line in enumerate(lines[:2], 1) if _COOKIE.match(line)]
    return max([count, *cookies])
