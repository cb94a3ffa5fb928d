"""The classes of a module, piece by piece, with what stands in the way of laying pieces into bases of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from decomposer.model.class_bodies import ClassBody, Piece
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.dotted import dotted, text
from decomposer.syntax.loaded_names import bound_names, loaded_names
from decomposer.syntax.parse import parse
from decomposer.syntax.units import blank_end, lines_of, rest_of_line

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_HEAD = re.compile(rb"class(?:[ \t\f]|\\\r?\n|\\\r)+[^\s(:\\]+")
_TO_COLON = re.compile(rb"(?:[\s,()\\]|#[^\r\n]*)*:")
_WORDS = re.compile(r"[^\W\d]\w*")
_OWN = frozenset({"__dict__", "__annotations__", "__qualname__", "__mro__", "__bases__"})
"""What a class has for itself, whatever its bases have."""
_SPECIAL = {
    "__slots__": "has `__slots__`",
    "__init_subclass__": "keeps account of its subclasses",
    "__set_name__": "is told of its name",
}
_PLAIN = frozenset({
    "abstractmethod", "asynccontextmanager", "cache", "cached_property", "classmethod", "contextmanager", "deleter",
    "final", "getter", "lru_cache", "overload", "override", "property", "setter", "staticmethod", "wraps",
})  # fmt: skip
"""Decorators, by their last word, that keep no account of what they decorate, though they may be named with a dot."""


def read_class_bodies(source: bytes, content: Text) -> Iterator[ClassBody]:
    """The classes at a module's top level, `content` being its text.

    Raises SyntaxError for a file that Python cannot read.
    """
    tree = parse(source, "ast")
    future = any(isinstance(node, ast.ImportFrom) and node.module == "__future__"
                 and any(name.name == "annotations" for name in node.names) for node in tree.body)  # fmt: skip
    places = content.line_starts()
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield _Reader(content.utf8, places, future).read(node)


class _Reader:
    """Reads classes of one file."""

    def __init__(self, utf8: bytes, places: list[int], future: bool) -> None:
        self.utf8, self.places, self.future = utf8, places, future

    def read(self, node: ast.ClassDef) -> ClassBody:
        start = self.places[node.lineno - 1] + node.col_offset
        head = _HEAD.match(self.utf8, start)
        after = head.end() if head else start
        given = [*node.bases, *(keyword.value for keyword in node.keywords)]
        last = max((self._end(one) for one in given), default=after)
        found = _TO_COLON.match(self.utf8, last)
        colon = found.end() - 1 if found else last
        inside = self.utf8[after:colon].strip()
        pieces = list(self._pieces(node, colon))
        document = pieces.pop(0) if ast.get_docstring(node, clean=False) is not None else None
        return ClassBody(
            node.name, node.lineno, node.end_lineno or node.lineno, start, colon, self._line_end(node.body[-1]),
            inside[1 : inside.rindex(b")")].strip() if inside.startswith(b"(") else b"",
            tuple(map(dotted, node.bases)), document, tuple(pieces), tuple(_head(node)), tuple(_inside(node)),
        )

    def _pieces(self, node: ast.ClassDef, colon: int) -> Iterator[Piece]:
        at = rest_of_line(self.utf8, colon + 1)
        for line in lines_of(node.body):
            first, last = line[0], line[-1]
            row = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", ()))])
            begin, end = self.places[row - 1], self._line_end(last)
            code = min(blank_end(self.utf8, min(at, begin), begin), begin)
            yield self._piece(line, (min(at, begin), code, end), (row, last.end_lineno or last.lineno))
            at = end

    def _piece(self, line: list[ast.stmt], place: tuple[int, int, int], rows: tuple[int, int]) -> Piece:
        names = tuple(dict.fromkeys(name for statement in line for name in bound_names(statement)))
        asks = frozenset(name for statement in line for name in loaded_names(statement, self.future))
        says = frozenset(name for statement in line for name in _said(statement))
        if len(line) > 1 or not isinstance(line[0], _FUNCTIONS):
            return Piece(*place, *rows, names, asks, says, above=frozenset(_above(line)))
        function = line[0]
        arguments = [*function.args.posonlyargs, *function.args.args]
        own = arguments[0].arg if arguments else ""
        uses = {node.attr for node in ast.walk(function)
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == own}
        return Piece(*place, *rows, names, asks, says, True, frozenset(uses), frozenset(_above(line)),
                     any(_registers(one) for one in function.decorator_list))  # fmt: skip

    def _end(self, node: ast.expr) -> int:
        return self.places[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def _line_end(self, node: ast.stmt) -> int:
        return rest_of_line(self.utf8, self.places[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0))


def _said(statement: ast.stmt) -> Iterator[str]:
    """The names in a statement, those in annotations that are quoted among them."""
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=name):
                yield name
            case ast.Global(names=names):
                yield from names
            case ast.arg(annotation=ast.expr() as told) | ast.AnnAssign(annotation=told):
                yield from _quoted(told)
            case ast.FunctionDef(returns=ast.expr() as told) | ast.AsyncFunctionDef(returns=ast.expr() as told):
                yield from _quoted(told)


def _quoted(annotation: ast.expr) -> Iterator[str]:
    for node in ast.walk(annotation):
        value = text(node) if isinstance(node, ast.expr) else None
        yield from _WORDS.findall(value or "")


def _above(line: list[ast.stmt]) -> Iterator[str]:
    """What a statement asks `super()` for."""
    walked = [node for statement in line for node in ast.walk(statement)]
    named = {id(node.value): node.attr for node in walked if isinstance(node, ast.Attribute)}
    for node in walked:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
            yield named.get(id(node), "*")


def _registers(decorator: ast.expr) -> bool:
    """Whether a decorator may be the method of what keeps account: `app.get(…)`, and not `functools.cache`."""
    name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name.rpartition(".")[2] not in _PLAIN and ("." in name or not name)


def _head(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    """How a class is made otherwise than by its name, its bases and its body, each with its line."""
    if node.decorator_list:
        yield node.decorator_list[0].lineno, "a decorator is applied to the whole of it"
    if node.keywords or any(isinstance(base, ast.Starred) for base in node.bases):
        yield node.lineno, "it is made with keywords"
    if getattr(node, "type_params", ()) or any(isinstance(base, ast.Subscript) for base in node.bases):
        yield node.lineno, "it is generic"
    for statement in node.body:
        yield from ((statement.lineno, f"it {_SPECIAL[name]}") for name in bound_names(statement) if name in _SPECIAL)


def _inside(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    """What would not be the same in a base, each with its line."""
    if node.body[0].lineno <= node.lineno:
        yield node.lineno, "it begins on the line of its head"
    for inner in ast.walk(node):
        if inner is not node:
            yield from _about_itself(inner)


def _about_itself(node: ast.AST) -> Iterator[tuple[int, str]]:
    line = getattr(node, "lineno", 0)
    for name in _spelled(node):
        if name.startswith("__") and not name.endswith("__"):
            yield line, f"`{name}` is spelled with the name of its class"
    match node:
        case ast.Name(id="__class__"):
            yield line, "`__class__` is asked for"
        case ast.Attribute(attr=name) if name in _OWN and not (name == "__dict__" and _is_self(node.value)):
            yield line, f"`{name}` is asked for"
        case ast.Call(func=ast.Name(id="vars"), args=[argument]) if not _is_self(argument):
            yield line, "`vars` is asked for"
        case ast.Call(func=ast.Name(id="super"), args=[_, *_]):
            yield line, "`super` is told the class"


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _spelled(node: ast.AST) -> Iterator[str]:
    """The names that Python would spell with the class's own inside of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.keyword(arg=str(name)):
            yield name
        case ast.alias(name=name, asname=bound):
            yield bound or name.partition(".")[0]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names
