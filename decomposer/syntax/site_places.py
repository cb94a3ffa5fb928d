"""What the readers of statements and of expressions share: where they are, and what they have found."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from decomposer.model.sites import DecoratorSite, ImportSite, TextSite
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.dotted import text
from decomposer.syntax.scopes import Scopes


class Places(ast.NodeVisitor):
    """A pass over a module's tree that knows the bytes of every node, and the scope and what else is around it."""

    def __init__(self, content: Text) -> None:
        self.utf8 = content.utf8
        self.starts = content.line_starts()
        self.scopes = Scopes()
        self.scope = 0
        self.around: list[str] = []
        self.in_function = self.typing = self.guarded = False
        self.imports: list[ImportSite] = []
        self.uses: list[tuple[int, tuple[int, ...], str, int, bool]] = []
        self.texts: list[TextSite] = []
        self.decorators: list[tuple[DecoratorSite, int]] = []
        self.has_main = False
        self.formats: list[ast.JoinedStr] = []

    def _at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def _start(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        return self._at(node.lineno, node.col_offset)

    def _end(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        return self._at(node.end_lineno or node.lineno, node.end_col_offset or 0)

    @contextmanager
    def _inside(self, *around: str) -> Iterator[None]:
        kept = len(self.around)
        self.around += around
        try:
            yield
        finally:
            del self.around[kept:]

    def _bind(self, name: str) -> None:
        self.scopes.bind(self.scopes.home(self.scope, name), name)

    def _body(self, body: Iterable[ast.stmt], owner: str = "") -> None:
        for position, statement in enumerate(body):
            if owner and not position and isinstance(statement, ast.Expr) and text(statement.value) is not None:
                with self._inside("docstring"):
                    self.visit(statement.value)
            else:
                self.visit(statement)
