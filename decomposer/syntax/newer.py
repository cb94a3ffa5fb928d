"""The tree of a module whose syntax is newer than the running Python: without the statements that it does not know."""

from __future__ import annotations

import ast
import re

from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.logical_lines import logical_lines
from decomposer.syntax.parse import parse

_MOST = 200
"""So many statements may be unknown; a file with more is written in another language."""
_PARAMETERS = re.compile(rb"(?s)((?:async\s+)?(?:def|class)\s+\w+\s*)\[")
_HEADER = re.compile(rb"(?s)(async\s+)?(\w+).*:\s*\Z")
_CLAUSES = {b"except": b"except:", b"elif": b"elif 1:", b"else": b"else:", b"finally": b"finally:", b"try": b"try:",
            b"class": b"class _:", b"def": b"def _():", b"case": b"case _:"}  # fmt: skip


def parse_known(content: Text) -> tuple[ast.Module, tuple[int, ...]]:
    """The tree of what the running Python knows, every place as in the whole text, and the lines of what is left out.

    An unknown statement is blanked, the header of an unknown block replaced by a plain one of its kind; the type
    parameters of functions and classes are blanked alone. Raises SyntaxError where that does not help.
    """
    source = content.utf8
    if b"\r" in source:
        source = source.replace(b"\r\n", b" \n").replace(b"\r", b"\n")
    lines = logical_lines(source.decode("utf-8"))
    starts = [0, *(match.end() for match in re.finditer(rb"\n", source))]
    starts.append(len(source))
    left_out: list[int] = []
    for _ in range(_MOST):
        try:
            return parse(source, "ast"), tuple(sorted(left_out))
        except SyntaxError as error:
            at = error.lineno or 0
            place = next(((a, b) for a, b in zip(lines.starts, lines.ends, strict=True) if a <= at <= b), None)
            if place is None or place[0] in left_out:
                raise
            begin, end = starts[place[0] - 1], starts[place[1]]
            statement = source[begin:end]
            plain = _without_parameters(statement)
            if plain == statement:
                left_out.append(place[0])
                plain = _plain(statement)
            source = source[:begin] + plain + source[end:]
    raise SyntaxError("too much of it is newer than the running Python")


def _without_parameters(statement: bytes) -> bytes:
    """A `def` or `class` with its type parameters blanked."""
    match = _PARAMETERS.match(statement.lstrip())
    if match is None:
        return statement
    start = len(statement) - len(statement.lstrip()) + match.end() - 1
    depth = 0
    for position in range(start, len(statement)):
        depth += (statement[position] == ord("[")) - (statement[position] == ord("]"))
        if depth == 0:
            return statement[:start] + _blank(statement[start : position + 1]) + statement[position + 1 :]
    return statement


def _plain(statement: bytes) -> bytes:
    """A statement of the same length and kind that says nothing."""
    body = statement.rstrip()
    indent = len(body) - len(body.lstrip())
    header = _HEADER.match(body[indent:])
    said = b"pass"
    if header:
        said = _CLAUSES.get(header[2], b"if 1:")
    if len(said) > len(body) - indent:
        raise SyntaxError("it is too short to be left out")
    return statement[:indent] + said + _blank(statement[indent + len(said) :])


def _blank(text: bytes) -> bytes:
    return re.sub(rb"[^\n]", b" ", text)
