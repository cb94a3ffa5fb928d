"""Strings, bytes and f-strings of a LibCST tree as the `ast` nodes that CPython makes of them."""

from __future__ import annotations

import ast
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import libcst as cst

Field = cst.FormattedStringExpression | cst.TemplatedStringExpression
Read = Callable[[Any], ast.expr]
Piece = tuple[str, str | None] | ast.expr
"""A part of an f-string: literal text with its `kind`, or a replacement field."""

_COMMON_ESCAPES = r"\n|[\\'\"abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}"
_BYTES_ESCAPE = re.compile(rf"\\({_COMMON_ESCAPES})")
_ESCAPE = re.compile(rf"\\({_COMMON_ESCAPES}|u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}}|N\{{[^}}]+\}})")
_SIMPLE_ESCAPES = {
    "\n": "", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v",
}  # fmt: skip
_COMMENT = re.compile(r"""("[^"\n]*"|'[^'\n]*')|#[^\n]*""")
_CONVERSIONS = {None: -1, "a": ord("a"), "r": ord("r"), "s": ord("s")}
_KIND_PER_STRING = sys.version_info >= (3, 12)
_NOWHERE = cst.Module([])


def simple_string(node: cst.SimpleString) -> ast.Constant:
    """One string or bytes literal. Only a lower-case `u` is told in `kind`, as CPython has it."""
    source = node.value
    return ast.Constant(literal(source), "u") if source[0] == "u" else ast.Constant(literal(source))


def concatenated_string(node: cst.ConcatenatedString, read: Read) -> ast.expr:
    """Adjacent literals as the one node they are merged into."""
    strings = list(_chain(node))
    kind = "u" if _source(strings[0])[0] == "u" else None
    if all(type(string) is cst.SimpleString for string in strings):
        values: list[Any] = [literal(_source(string)) for string in strings]
        return ast.Constant(values[0][:0].join(values), kind)
    pieces: list[Piece] = []
    for string in strings:
        if _KIND_PER_STRING:
            kind = "u" if _source(string)[0] == "u" else None
        if isinstance(string, cst.SimpleString):
            pieces.append((str(literal(string.value)), kind))
        else:
            pieces += _string_pieces(string, read, kind)
    return ast.JoinedStr(_merged(pieces))


def formatted_string(node: cst.FormattedString | cst.TemplatedString, read: Read) -> ast.JoinedStr:
    """An f-string. A t-string is read as one too: it uses the same names and holds the same texts."""
    return ast.JoinedStr(_merged(_string_pieces(node, read, None)))


def literal(source: str) -> str | bytes:
    """The value of a literal as it is written, with prefix and quotes."""
    quote = source[-1]
    start = source.index(quote)
    if start == 0 and "\\" not in source:
        return source[3:-3] if source.startswith(quote * 3) and len(source) > 5 else source[1:-1]
    prefix = source[:start].lower()
    width = 3 if source.startswith(quote * 3, start) and len(source) - start > 5 else 1
    body = source[start + width : -width]
    if "b" in prefix:
        return (body if "r" in prefix else _BYTES_ESCAPE.sub(_byte, body)).encode("latin-1")
    return body if "r" in prefix else _ESCAPE.sub(_character, body)


def _character(match: re.Match[str]) -> str:
    """The character that an escape stands for; one that stands for nothing never comes here and stays."""
    code = match[1]
    simple = _SIMPLE_ESCAPES.get(code)
    if simple is not None:
        return simple
    if code[0] == "N":
        try:
            return unicodedata.lookup(code[2:-1])
        except KeyError:
            raise ValueError(f"unknown Unicode character name {code[2:-1]}") from None
    return chr(int(code[1:], 16) if code[0] in "xuU" else int(code, 8))


def _byte(match: re.Match[str]) -> str:
    """The same within bytes, where an octal escape is cut to eight bits."""
    character = _character(match)
    return chr(ord(character) & 0xFF) if character else ""


def _chain(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The literals of a concatenation, which leans to the right."""
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    yield node


def _source(string: cst.BaseExpression) -> str:
    """The literal as written, or the opening of an f-string: either begins with the prefix."""
    return string.value if isinstance(string, cst.SimpleString) else str(getattr(string, "start", "'"))


def _string_pieces(node: cst.BaseExpression, read: Read, kind: str | None) -> Iterator[Piece]:
    if isinstance(node, (cst.FormattedString, cst.TemplatedString)):
        yield from _pieces(node.parts, read, "r" in node.start.lower(), kind)


def _pieces(parts: Sequence[cst.CSTNode], read: Read, raw: bool, kind: str | None) -> Iterator[Piece]:
    for part in parts:
        if isinstance(part, (cst.FormattedStringText, cst.TemplatedStringText)):
            text = part.value
            if "{" in text or "}" in text:
                text = text.replace("{{", "{").replace("}}", "}")
            yield text if raw or "\\" not in text else _ESCAPE.sub(_character, text), kind
        elif isinstance(part, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            yield from _field(part, read, raw, kind)


def _field(part: Field, read: Read, raw: bool, kind: str | None) -> Iterator[Piece]:
    """A replacement field, after the text that `=` puts before it."""
    conversion = _CONVERSIONS[part.conversion]
    if part.equal is not None:
        before, after = part.whitespace_before_expression, part.whitespace_after_expression
        source = "".join(map(_NOWHERE.code_for_node, (before, part.expression, part.equal, after)))
        yield (_COMMENT.sub(r"\1", source) if "#" in source else source), kind
        if part.conversion is None and part.format_spec is None:
            conversion = ord("r")
    specification = None
    if part.format_spec is not None:
        specification = ast.JoinedStr(_merged(_pieces(part.format_spec, read, raw, None)))
    yield ast.FormattedValue(read(part.expression), conversion, specification)


def _merged(pieces: Iterable[Piece]) -> list[ast.expr]:
    """The values of a JoinedStr: each run of text is one constant, with the kind of its first part."""
    values: list[ast.expr] = []
    texts: list[str] = []
    first_kind: str | None = None
    for piece in (*pieces, None):
        if type(piece) is tuple:
            if not texts:
                first_kind = piece[1]
            texts.append(piece[0])
            continue
        text = "".join(texts)
        if text:
            values.append(ast.Constant(text, first_kind))
        texts.clear()
        if isinstance(piece, ast.expr):
            values.append(piece)
    return values
