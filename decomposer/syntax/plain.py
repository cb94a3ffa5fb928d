"""What a file says, whatever the modules that it names are called."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)+")


def same_but_for_names(one: bytes, other: bytes, packages: Collection[str]) -> bool:
    """Whether two files differ in nothing but how they import and name modules below these top packages.

    Names that stay when a module moves count as such: of loggers, and of tasks given to their decorators.
    """
    try:
        return _plain(one, packages) == _plain(other, packages)
    except (SyntaxError, ValueError, RecursionError):
        return False


def _plain(source: bytes, packages: Collection[str]) -> str:
    return ast.dump(_Plain(frozenset(packages)).visit(ast.parse(source)))


class _Plain(ast.NodeTransformer):
    def __init__(self, packages: frozenset[str]) -> None:
        self.packages = packages

    def visit_Import(self, node: ast.Import) -> ast.AST:
        """An import: nothing."""
        return ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        """An import, which may have been split: nothing."""
        return None

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """`package.module.name`: the name alone."""
        first: ast.expr = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if isinstance(first, ast.Name) and first.id in self.packages:
            return ast.Name(node.attr, ast.Load())
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A string that names a module: its last part."""
        value = node.value
        if isinstance(value, str) and _DOTTED.fullmatch(value) and value.partition(".")[0] in self.packages:
            return ast.Constant(value.rpartition(".")[2])
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call that asks for a logger: whichever."""
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("getLogger", "get_logger"):
            node.args = []
        return node

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.decorator_list = [self._unnamed(decorator) for decorator in node.decorator_list]
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """A function, its decorators without the name of a task."""
        return self._decorated(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """The same of one that is awaited."""
        return self._decorated(node)

    def _unnamed(self, decorator: ast.expr) -> ast.expr:
        if not isinstance(decorator, ast.Call):
            return decorator
        decorator.keywords = [keyword for keyword in decorator.keywords if not self._names_task(keyword)]
        return decorator if decorator.args or decorator.keywords else decorator.func

    def _names_task(self, keyword: ast.keyword) -> bool:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        return keyword.arg in ("name", "task_name") and isinstance(value, str) and (
            re.split(r"[.:]", value)[0] in self.packages
        )  # fmt: skip
