"""The `ast` tree that the standard parser gives, read by LibCST: one visitor serves both readers."""

from __future__ import annotations

import ast
import io
import tokenize
import unicodedata
import warnings

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from decomposer.syntax.cst_statements import read_block
from decomposer.syntax.logical_lines import LogicalLines, logical_lines

_LINE_NODES = (
    cst.SimpleStatementLine,
    cst.BaseCompoundStatement,
    cst.Decorator,
    cst.Else,
    cst.Finally,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.MatchCase,
)


def read_with_libcst(source: bytes) -> ast.Module:
    """The `ast` tree of a module, read by LibCST: the same facts from syntax newer than the interpreter.

    Statements have their `lineno`, decorators that of their `@`, functions and classes their `end_lineno`;
    other nodes have no position. What the interpreter's `ast` has no node for is read as its nearest
    relative: definitions without type parameters, `type X = ...` as an assignment, a t-string as an f-string,
    a lazy import as an import.

    A SyntaxError where the source is not Python, or more than LibCST can read: it does not know `(x): int`.
    A RecursionError may come through, and LibCST may take the process down on hostile input.
    """
    text = _decoded(source)
    try:
        module = _parse(text)
    except cst.ParserSyntaxError as error:
        # What stops the tokenizer is said to be on line 1, wherever it is.
        line = _line_of_error(text) if error.message.startswith("tokenizer") else error.raw_line
        raise SyntaxError(error.message, ("<unknown>", line, error.raw_column + 1, None)) from None
    except cst.CSTLogicError as error:
        place = ("<unknown>", _line_of_error(text), 1, None)
        raise SyntaxError(f"more than LibCST can read: {error}", place) from None
    tree = ast.Module(_statements(module, text), [])
    if not unicodedata.is_normalized("NFKC", text):
        _normalize_identifiers(tree)
    return tree


def _parse(text: str) -> cst.Module:
    """LibCST's tree, without the check of every single node.

    The check is for trees that people put together; it takes a sixth of the parsing, and the parser's own are right.
    """
    check = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _unchecked  # type: ignore[assignment]
    try:
        return cst.parse_module(text)
    finally:
        cst.CSTNode.__post_init__ = check  # type: ignore[method-assign]


def _unchecked(node: cst.CSTNode) -> None:
    """Stands in for the check of a node."""


def _decoded(source: bytes) -> str:
    r"""The text of a module with `\n` as its only line end, as CPython translates it before it reads on."""
    if b"\r" in source:
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = 1
    try:
        if b"\0" in source:
            line = source.count(b"\n", 0, source.index(b"\0")) + 1
            raise SyntaxError("source code cannot contain null bytes")
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding)
    except UnicodeDecodeError as error:
        line, message = source.count(b"\n", 0, error.start) + 1, f"(unicode error) {error}"
    except (SyntaxError, LookupError, UnicodeError) as error:
        message = str(error)
    raise SyntaxError(message, ("<unknown>", line, 1, None))


def _line_of_error(text: str) -> int:
    """The line that the standard parser complains of, or the first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as error:
            return error.lineno or 1
    return 1


def _statements(module: cst.Module, text: str) -> list[ast.stmt]:
    try:
        lines = logical_lines(text)
        statements = read_block(module.body, lines)
        if lines.all_taken:
            return statements
    except (ValueError, IndexError):
        pass
    lines = _rendered_lines(module)
    try:
        return read_block(module.body, lines)
    except ValueError as error:  # a literal that has no value
        place = ("<unknown>", lines.starts[lines.taken - 1], 1, None)
        raise SyntaxError(str(error), place) from None


def _rendered_lines(module: cst.Module) -> LogicalLines:
    """The logical lines by rendering the whole tree: slow, for a module whose text was misunderstood."""
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    spans: dict[int, int] = {}
    for node, place in positions.items():
        if isinstance(node, _LINE_NODES):
            body = getattr(node, "body", None)
            end = positions[body].end.line if isinstance(body, cst.SimpleStatementSuite) else place.end.line
            spans[place.start.line] = end
    starts = sorted(spans)
    return LogicalLines(starts, [spans[start] for start in starts])


def _normalize_identifiers(tree: ast.Module) -> None:
    """Spell every identifier as Python compares it (PEP 3131)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            continue
        for field, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, field, unicodedata.normalize("NFKC", value))
            elif isinstance(value, list) and value and isinstance(value[0], str):
                value[:] = [unicodedata.normalize("NFKC", name) for name in value]
