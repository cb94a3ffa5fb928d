"""The requests that Python code makes with httpx, requests, aiohttp and what is called like them.

What an address is made of is followed through names that are bound once: constants, f-strings, `+`, `%`, `.format`,
`urljoin`, and settings with a default.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from decomposer.model.http_calls import METHODS, HttpCall, Literal, Piece
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.http_bases import BASED, Clients, base_of

_SOCKETS = frozenset({"websocket_connect", "ws_connect"})
_NAMES = frozenset({*METHODS, *_SOCKETS, "connect", "request", "stream"})
_ASKS = re.compile(rb"\.\s*(?:" + "|".join(sorted(_NAMES)).encode() + rb")\s*\(")
_MAY_BE = re.compile(r"/|https?://|wss?://|[A-Za-z]+$")
_BINDING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.comprehension, ast.FunctionDef,
            ast.AsyncFunctionDef, ast.Lambda, ast.With, ast.AsyncWith)  # fmt: skip
_DECORATED = ast.FunctionDef | ast.AsyncFunctionDef
_SCHEMES = ("http://", "https://", "ws://", "wss://")
_SETTINGS = frozenset({"os.environ.get", "os.getenv", "environ.get", "getenv", "config.get"})
_SAME = frozenset({"rstrip", "strip", "lstrip", "removesuffix", "str"})
_FORMATTED = re.compile(r"\{([^{}]*)\}")
_PERCENT = re.compile(r"%(?:\((\w+)\))?[sdr]")


class _Address:
    """How expressions are read as addresses, in one file."""

    def __init__(self, nodes: Iterable[ast.AST], lines: list[int]) -> None:
        self.lines = lines
        self.bound: dict[str, ast.expr] = {}
        self.literal = Literal()
        twice: set[str] = set()
        for node in nodes:
            if not isinstance(node, _BINDING):
                continue
            for name, value in _bindings(node):
                if name in self.bound or value is None:
                    twice.add(name)
                else:
                    self.bound[name] = value
        for name in twice:
            self.bound.pop(name, None)

    def of(self, node: ast.expr) -> tuple[Piece, ...]:
        """The pieces of an address; `literal` is where the first text of it stands."""
        self.literal = Literal()
        return _joined(self._pieces(node, frozenset()))

    def _pieces(self, node: ast.expr, seen: frozenset[str]) -> Iterator[Piece]:
        match node:
            case ast.Constant(value=str(text)):
                self._note(node)
                yield Piece(text)
            case ast.JoinedStr(values=values):
                if values and isinstance(values[0], ast.Constant):  # else it begins where its first name is bound
                    self._note(node)
                for value in values:
                    inner = value.value if isinstance(value, ast.FormattedValue) else value
                    yield from self._pieces(inner, seen)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._pieces(left, seen)
                yield from self._pieces(right, seen)
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
                self._note(node.left)
                yield from _holes(_PERCENT, text)
            case ast.BoolOp(op=ast.Or(), values=[*_, ast.Constant(value=str(text)) as last]):
                self._note(last)
                yield Piece(ast.unparse(node.values[0]), True, text)
            case ast.Name() | ast.Attribute():
                yield from self._named(node, seen)
            case ast.Call():
                yield from self._call(node, seen)
            case _:
                yield Piece(ast.unparse(node), True)

    def _named(self, node: ast.expr, seen: frozenset[str]) -> Iterator[Piece]:
        name = ast.unparse(node)
        if name in self.bound and name not in seen:
            found = list(self._pieces(self.bound[name], seen | {name}))
            if not all(piece.is_hole for piece in found) or any(piece.default for piece in found):
                yield from found
                return
        yield Piece(name, True)

    def _call(self, node: ast.Call, seen: frozenset[str]) -> Iterator[Piece]:
        called = ast.unparse(node.func)
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)) as before, attr="format")):
                self._note(before)
                yield from _holes(_FORMATTED, text)
            case ast.Call(args=[ast.Constant(value=str(name)), ast.Constant(value=str(text)) as default]) \
                    if called in _SETTINGS:  # fmt: skip
                self._note(default)
                yield Piece(name, True, text)
            case ast.Call(args=[ast.Constant(value=str(name))]) if called in _SETTINGS:
                yield Piece(name, True)
            case ast.Call(args=[base, path]) if called.rpartition(".")[2] == "urljoin":
                yield from self._pieces(base, seen)
                yield from self._pieces(path, seen)
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _SAME:
                yield from self._pieces(value, seen)
            case _:
                yield Piece(called, True)

    def _note(self, node: ast.expr) -> None:
        if self.literal.start < 0 and node.end_lineno is not None and node.end_col_offset is not None:
            start = self.lines[node.lineno - 1] + node.col_offset
            self.literal = Literal(start, self.lines[node.end_lineno - 1] + node.end_col_offset)


def python_calls(source: bytes) -> list[HttpCall]:
    """The requests of a file in order of their lines; offsets are those of its text as UTF-8.

    Raises SyntaxError or ValueError for what Python cannot read.
    """
    if not _ASKS.search(source):
        return []
    text = text_of(source)
    tree = ast.parse(text.utf8)
    nodes = list(ast.walk(tree))
    routes = {id(decorator) for node in nodes if isinstance(node, _DECORATED) for decorator in node.decorator_list}
    asked = [node for node in nodes if isinstance(node, ast.Call) and id(node) not in routes and _may_ask(node)]
    clients = Clients(tree) if asked and BASED.search(text.utf8) else None
    address = _Address(nodes if asked or clients else (), text.line_starts())
    found = []
    for node in asked:
        method, url, via = _request(node)
        client = clients.of(node.func.value) if clients and isinstance(node.func, ast.Attribute) else None
        if url is None or not (client or _is_request(node)):
            continue
        pieces = address.of(url)
        based = client is not None and not _is_whole(pieces)
        if based and client is not None:
            pieces = _behind(address.of(base_of(client) or url), pieces)
        held = clients.held(client) if clients and client and based else ("", "")
        if _is_address(pieces):
            found.append(HttpCall(node.lineno, method, pieces, via, address.literal, based, False, held))
    for client, line in clients.handed_on() if clients else ():
        pieces = _behind(address.of(base_of(client) or client), (Piece("…", True),))
        found.append(HttpCall(line, "", pieces, ast.unparse(client.func), address.literal, True, True))
    return sorted(found)


def _is_whole(pieces: tuple[Piece, ...]) -> bool:
    """Whether an address names its host, so that it matters to nobody what a client begins addresses with."""
    return bool(pieces) and (pieces[0].text if not pieces[0].is_hole else pieces[0].default).startswith(_SCHEMES)


def _behind(base: tuple[Piece, ...], path: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The address that a client asks for: its own, a slash, and the path."""
    if base and not base[-1].is_hole:
        base = (*base[:-1], Piece(base[-1].text.rstrip("/")))
    if path and not path[0].is_hole:
        path = (Piece(path[0].text.lstrip("/")), *path[1:])
    return _joined(iter((*base, Piece("/"), *path)))


def _may_ask(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in _NAMES


def _is_request(node: ast.Call) -> bool:
    """Whether a method of something may be a request: its first argument is an address or a method."""
    return not (
        node.args and isinstance(node.args[0], ast.Constant)
        and not (isinstance(node.args[0].value, str) and _MAY_BE.match(node.args[0].value))
    )  # fmt: skip


def _request(node: ast.Call) -> tuple[str, ast.expr | None, str]:
    """The method, the address and the receiver of what looks like a request; no address for what does not."""
    if not isinstance(node.func, ast.Attribute):
        return "", None, ""
    attr, via = node.func.attr, ast.unparse(node.func.value)
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if attr in METHODS:
        return attr.upper(), node.args[0] if node.args else keywords.get("url"), via
    if attr in _SOCKETS or (attr == "connect" and via == "websockets"):
        return "WEBSOCKET", node.args[0] if node.args else keywords.get("url"), via
    if attr in ("request", "stream"):
        method = node.args[0] if node.args else keywords.get("method")
        url = node.args[1] if len(node.args) > 1 else keywords.get("url")
        known = method.value if isinstance(method, ast.Constant) and isinstance(method.value, str) else ""
        return known.upper(), url, via
    return "", None, ""


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a statement binds, each with its value where that is all it ever is."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                is_name = isinstance(target, ast.Name | ast.Attribute)
                yield ast.unparse(target), value if is_name else None
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield ast.unparse(target), value
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.comprehension(target=target):
            yield ast.unparse(target), None
        case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments) | ast.Lambda(args=arguments):
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                yield argument.arg, None
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    yield ast.unparse(item.optional_vars), None


def _holes(form: re.Pattern[str], text: str) -> Iterator[Piece]:
    end = 0
    for found in form.finditer(text):
        yield Piece(text[end : found.start()])
        yield Piece(found[1] or "", True)
        end = found.end()
    yield Piece(text[end:])


def _joined(pieces: Iterator[Piece]) -> tuple[Piece, ...]:
    """Pieces without empty text, neighbouring texts as one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and not piece.is_hole and not found[-1].is_hole:
            found[-1] = Piece(found[-1].text + piece.text)
        elif piece.text or piece.is_hole:
            found.append(piece)
    return tuple(found)


def _is_address(pieces: tuple[Piece, ...]) -> bool:
    """Whether pieces look like an address: a path, an absolute one, or a path behind a hole."""
    texts = [piece for piece in pieces if not piece.is_hole]
    if not texts:
        return False
    first = texts[0].text
    return first.startswith(("/", *_SCHEMES)) and (
        pieces[0] is texts[0] or first.startswith("/"))  # fmt: skip
