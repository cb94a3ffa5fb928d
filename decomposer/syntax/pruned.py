"""A file without some of its names, and without what cannot do without them; all else byte for byte."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from decomposer.model.pruning import Dropped, Gone
from decomposer.model.sites import Edit
from decomposer.syntax.blocks import Block
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.parse import parse
from decomposer.syntax.pruning import Pruning

_BLANK = re.compile(rb"[ \t\f]*(?:\r\n|\r|\n)")
_COMMENT = re.compile(rb"[ \t\f]*#[^\r\n]*(?:\r\n|\r|\n)")
_REST = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_COMMA = re.compile(rb"(?:\s|#[^\r\n]*|\\\r?\n)*,?")


def pruned(source: bytes, gone: Gone) -> tuple[bytes, tuple[Dropped, ...]]:
    """The file's bytes after the pruning, and the statements that went since they use a name that is gone.

    Raises SyntaxError for a file that Python cannot read.
    """
    content = text_of(source)
    tree = parse(source, "ast")
    pruning = Pruning(tree, gone)
    if not (pruning.statements or pruning.aliases or pruning.elements):
        return source, ()
    places = _Places(content)
    edits = [*_statements(tree.body, pruning, places, True), *_elements(pruning, places)]
    return content.edited(_merged(edits)), tuple(pruning.told())


class _Places:
    """Where nodes stand in a file's bytes."""

    def __init__(self, content: Text) -> None:
        self.utf8 = content.utf8
        self.newline = content.newline()
        self.starts = content.line_starts()

    def start(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """The first byte of a node; of a decorated definition, of its first decorator's `@`."""
        for decorator in getattr(node, "decorator_list", ())[:1]:
            at = self.starts[decorator.lineno - 1] + decorator.col_offset
            return self.utf8.rindex(b"@", 0, at)
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.stmt | ast.expr | ast.alias) -> int:
        """The byte after a node."""
        return self.starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def line_start(self, at: int) -> int:
        """Where the line of a byte begins."""
        return max(self.utf8.rfind(b"\n", 0, at), self.utf8.rfind(b"\r", 0, at)) + 1

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether nothing but space and a comment is on the lines of these bytes."""
        return not self.utf8[self.line_start(start) : start].strip() and _REST.match(self.utf8, end) is not None


def _statements(block: Block, pruning: Pruning, places: _Places, may_be_empty: bool) -> Iterator[Edit]:
    left = bool(pruning.kept(block)) or may_be_empty
    for position, statement in enumerate(block):
        if statement in pruning.statements:
            start, end = places.start(statement), places.end(statement)
            if (left or position) and places.stands_alone(start, end):
                yield _whole_lines(start, end, places, follows=position > 0)
            else:
                yield Edit(start, end, b"pass")
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from _aliases(statement, pruning, places)
        else:
            for inner in _inner_blocks(statement):
                yield from _statements(inner, pruning, places, False)


def _inner_blocks(statement: ast.stmt) -> Iterator[Block]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and block:
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _whole_lines(start: int, end: int, places: _Places, follows: bool) -> Edit:
    """The lines of a statement with the comments directly above it, and the blank lines that it would leave double."""
    utf8 = places.utf8
    start = places.line_start(start)
    rest = _REST.match(utf8, end)
    end = rest.end() if rest else end
    above = start
    while above > 0:
        before = places.line_start(above - 1 - (utf8[above - 2 : above] == b"\r\n"))
        if not _COMMENT.fullmatch(utf8, before, above):
            break
        above = before
    previous = places.line_start(above - 1 - (utf8[above - 2 : above] == b"\r\n")) if above else 0
    is_blank = above > 0 and _BLANK.fullmatch(utf8, previous, above) is not None
    if above > 0 and (is_blank or not follows):  # a comment right below other code may speak of that
        start = above
    if is_blank:
        blanks, after = _blank_lines_before(utf8, start, places), 0
        last = end
        while (blank := _BLANK.match(utf8, last)) is not None:
            last, after = blank.end(), after + 1
        if last == len(utf8):  # nothing follows
            start, end = blanks[-1], last
        elif after <= len(blanks):
            end = last
        else:  # of the two distances the larger one stays
            start = blanks[-1]
    return Edit(start, end, b"")


def _blank_lines_before(utf8: bytes, start: int, places: _Places) -> list[int]:
    """Where each of the blank lines directly before a line begins, the nearest one first."""
    found: list[int] = []
    while start > 0:
        before = places.line_start(start - 1 - (utf8[start - 2 : start] == b"\r\n"))
        if not _BLANK.fullmatch(utf8, before, start):
            break
        found.append(before)
        start = before
    return found


def _aliases(statement: ast.Import | ast.ImportFrom, pruning: Pruning, places: _Places) -> Iterator[Edit]:
    names = statement.names
    kept = [alias for alias in names if alias not in pruning.aliases]
    if len(kept) == len(names):
        return
    yield from _out_of_list([(places.start(a), places.end(a)) for a in names],
                            [a in pruning.aliases for a in names], places)  # fmt: skip


def _elements(pruning: Pruning, places: _Places) -> Iterator[Edit]:
    for display in dict.fromkeys(pruning.elements.values()):
        if isinstance(display, ast.Dict):
            spans = [(places.start(k or v), places.end(v)) for k, v in zip(display.keys, display.values, strict=True)]
            goes = [key in pruning.elements for key in display.keys]
        elif isinstance(display, (ast.List, ast.Tuple, ast.Set)):
            spans = [(places.start(element), places.end(element)) for element in display.elts]
            goes = [element in pruning.elements for element in display.elts]
        edits = list(_out_of_list(spans, goes, places))
        yield from edits
        if isinstance(display, ast.Tuple) and goes.count(False) == 1:
            yield from _comma(spans[goes.index(False)][1], edits, places)


def _comma(end: int, edits: list[Edit], places: _Places) -> Iterator[Edit]:
    """The comma that makes a tuple of one element, unless there is one that stays."""
    found = _COMMA.match(places.utf8, end)
    at = found.end() - 1 if found and found[0].endswith(b",") else -1
    if at < 0 or any(edit.start <= at < edit.end for edit in edits):
        yield Edit(end, end, b",")


def _out_of_list(spans: list[tuple[int, int]], goes: list[bool], places: _Places) -> Iterator[Edit]:
    """Takes some of a list of things with commas between out of it; one that has lines of its own, with the lines."""
    utf8 = places.utf8
    for position, ((start, end), leaves) in enumerate(zip(spans, goes, strict=True)):
        if not leaves:
            continue
        comma = _COMMA.match(utf8, end)
        after = comma.end() if comma and comma[0].endswith(b",") else end
        line = places.line_start(start)
        rest = _REST.match(utf8, after)
        if not utf8[line:start].strip() and rest is not None:
            yield Edit(line, rest.end(), b"")
        elif position + 1 < len(spans):
            yield Edit(start, spans[position + 1][0], b"")
        else:
            stay = [span for span, gone in zip(spans, goes, strict=True) if not gone]
            yield Edit(stay[-1][1] if stay else start, end if stay else after, b"")


def _merged(edits: list[Edit]) -> list[Edit]:
    """The edits with those made one that touch or overlap."""
    found: list[Edit] = []
    for edit in sorted(edits):
        if found and edit.start < found[-1].end and not edit.text and not found[-1].text:
            last = found.pop()
            edit = Edit(last.start, max(last.end, edit.end), b"")
        found.append(edit)
    return found
