"""The requests that JavaScript and TypeScript make with fetch, axios and what is called like them.

The only user of tree-sitter. In HTML and in components of Vue and Svelte, it is the scripts that are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from decomposer.model.http_calls import METHODS, HttpCall, Literal, Piece

Node = Any
"""A node of tree-sitter."""
SCRIPTS = {".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "typescript",
           ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}  # fmt: skip
PAGES = frozenset({".html", ".htm", ".vue", ".svelte"})
_SCRIPT = re.compile(rb"<script\b(?P<words>[^>]*)>(?P<code>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FETCHES = frozenset({"fetch", "$fetch", "ofetch", "ky", "got"})


def parsers() -> Callable[[str], Any]:
    """The parser of a dialect by its name; raises ImportError where tree-sitter is not installed."""
    import tree_sitter
    import tree_sitter_javascript
    import tree_sitter_typescript

    languages = {
        "javascript": tree_sitter_javascript.language, "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }  # fmt: skip
    made: dict[str, Any] = {}

    def parser(dialect: str) -> Any:
        if dialect not in made:
            made[dialect] = tree_sitter.Parser(tree_sitter.Language(languages[dialect]()))
        return made[dialect]

    return parser


def script_calls(source: bytes, ending: str, parser: Callable[[str], Any]) -> list[HttpCall]:
    """The requests of a file by the ending of its name, in order of their lines; what is no code is passed over."""
    if ending in SCRIPTS:
        return sorted(_calls(source, 0, 0, parser(SCRIPTS[ending])))
    found: list[HttpCall] = []
    for script in _SCRIPT.finditer(source):
        dialect = "typescript" if re.search(rb"lang=.ts", script["words"]) else "javascript"
        start = script.start("code")
        found += _calls(script["code"], start, source.count(b"\n", 0, start), parser(dialect))
    return sorted(found)


def _calls(source: bytes, offset: int, lines: int, parser: Any) -> Iterator[HttpCall]:
    root = parser.parse(source).root_node
    address = _Address(root, offset)
    for node in _nodes(root):
        if node.type == "call_expression":
            method, url, via = _request(node)
            if url is not None:
                pieces = address.of(url)
                if _is_address(pieces):
                    yield HttpCall(lines + node.start_point[0] + 1, method, pieces, via, address.literal)


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


class _Address:
    """How expressions are read as addresses, in one script."""

    def __init__(self, root: Node, offset: int) -> None:
        self.offset = offset
        self.literal = Literal()
        self.bound: dict[str, Node | None] = {}
        for node in _nodes(root):
            if node.type == "variable_declarator" and node.child_by_field_name("value") is not None:
                name = _text(node.child_by_field_name("name"))
                self.bound[name] = None if name in self.bound else node.child_by_field_name("value")
            elif node.type == "assignment_expression":
                self.bound[_text(node.child_by_field_name("left"))] = None

    def of(self, node: Node) -> tuple[Piece, ...]:
        """The pieces of an address; `literal` is where the first text of it stands."""
        self.literal = Literal()
        found: list[Piece] = []
        for piece in self._pieces(node, frozenset()):
            if found and not piece.is_hole and not found[-1].is_hole:
                found[-1] = Piece(found[-1].text + piece.text)
            elif piece.text or piece.is_hole:
                found.append(piece)
        return tuple(found)

    def _pieces(self, node: Node, seen: frozenset[str]) -> Iterator[Piece]:
        if node.type in ("string", "template_string"):
            is_led = len(node.children) > 1 and node.children[1].type == "template_substitution"
            if self.literal.start < 0 and not is_led:  # else an address begins where its first name is bound
                self.literal = Literal(self.offset + node.start_byte, self.offset + node.end_byte)
            for child in node.children:
                if child.type == "template_substitution":
                    yield from self._pieces(child.children[1], seen)
                elif child.type in ("string_fragment", "escape_sequence"):
                    yield Piece(_text(child))
        elif node.type == "parenthesized_expression" and node.named_child_count == 1:
            yield from self._pieces(node.named_children[0], seen)
        elif node.type == "binary_expression":
            yield from self._binary(node, seen)
        elif node.type == "identifier" and _text(node) not in seen and self.bound.get(_text(node)) is not None:
            found = list(self._pieces(self.bound[_text(node)], seen | {_text(node)}))
            is_text = any(not piece.is_hole or piece.default for piece in found)
            yield from found if is_text else [Piece(_text(node), True)]
        else:
            yield Piece(" ".join(_text(node).split()), True)

    def _binary(self, node: Node, seen: frozenset[str]) -> Iterator[Piece]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = _text(node.child_by_field_name("operator"))
        if operator == "+":
            yield from self._pieces(left, seen)
            yield from self._pieces(right, seen)
        elif operator in ("||", "??"):
            default = "".join(piece.text for piece in self._pieces(right, seen) if not piece.is_hole)
            yield Piece(_text(left), True, default)
        else:
            yield Piece(_text(node), True)


def _request(node: Node) -> tuple[str, Node | None, str]:
    """The method, the node of the address and what is called; None for what does not look like a request."""
    called, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    given = list(arguments.named_children) if arguments is not None and arguments.type == "arguments" else []
    given = [one for one in given if one.type != "comment"]
    if called is None or not given:
        return "", None, ""
    name = _text(called)
    if name in _FETCHES:
        options = _option(given[1], "method") if len(given) > 1 else None
        known = options is None or options.type in ("string", "template_string")
        return (_plain(options) or "GET").upper() if known else "", given[0], name
    if name.rpartition(".")[2] in ("axios", "request") and given[0].type == "object":
        method = _option(given[0], "method")
        return (_plain(method) or "GET").upper(), _option(given[0], "url"), name
    if called.type == "member_expression":
        attr = _text(called.child_by_field_name("property"))
        if attr in METHODS:
            return attr.upper(), given[0], _text(called.child_by_field_name("object"))
    return "", None, ""


def _option(node: Node, name: str) -> Node | None:
    """The value of a key in an object."""
    for pair in node.named_children if node.type == "object" else ():
        if pair.type == "pair" and _text(pair.child_by_field_name("key")).strip("'\"") == name:
            return pair.child_by_field_name("value")
    return None


def _plain(node: Node | None) -> str:
    return _text(node).strip("'\"`") if node is not None and node.type in ("string", "template_string") else ""


def _text(node: Node) -> str:
    return node.text.decode("utf-8", "replace") if node is not None else ""


def _is_address(pieces: tuple[Piece, ...]) -> bool:
    """Whether pieces look like an address: a path, an absolute one, or a path behind a hole."""
    texts = [piece for piece in pieces if not piece.is_hole]
    first = texts[0].text if texts else ""
    return first.startswith(("/", "http://", "https://", "ws://", "wss://")) and (
        pieces[0] is texts[0] or first.startswith("/"))  # fmt: skip
