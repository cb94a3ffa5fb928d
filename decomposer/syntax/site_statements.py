"""The references in statements: imports, and what functions, classes and assignments bind."""

from __future__ import annotations

import ast
import re

from decomposer.model.sites import DecoratorSite, ImportedName, ImportSite
from decomposer.syntax.dotted import dotted
from decomposer.syntax.imports import guards_imports, import_kind, is_type_checking
from decomposer.syntax.site_expressions import Expressions

_GAP = rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_FROM = re.compile(
    rb"from" + _GAP + rb"((?:\.|[ \t\f]|\\(?:\r\n|\r|\n)|\w|[^\x00-\x7f])*?)" + _GAP + rb"(?<!\w)import\b"
)
_CODE = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_COMMENT = re.compile(rb"#[^\r\n]*")


class Statements(Expressions):
    """Reads statements of every kind."""

    def visit_Import(self, node: ast.Import) -> None:
        """Notes `import a, b.c as d`."""
        names = tuple(
            ImportedName(alias.name, alias.asname or alias.name.partition(".")[0], alias.asname is not None,
                         self._start(alias), self._end(alias))
            for alias in node.names
        )  # fmt: skip
        self._import(node, names, 0, "", (0, 0))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Notes `from a import b as c`."""
        start = self._start(node)
        match = _FROM.match(self.utf8, start)
        if match is None:
            raise ValueError(f"line {node.lineno}: an import statement of an unknown form")
        names = tuple(
            ImportedName(alias.name, alias.asname or alias.name, alias.asname is not None, self._start(alias),
                         self._end(alias))
            for alias in node.names
        )  # fmt: skip
        self._import(node, names, node.level, node.module or "", match.span(1))

    def _import(
        self, node: ast.Import | ast.ImportFrom, names: tuple[ImportedName, ...], level: int, module: str,
        place: tuple[int, int],
    ) -> None:  # fmt: skip
        start, end = self._start(node), self._end(node)
        line_start = self.starts[node.lineno - 1]
        own_line = not self.utf8[line_start:start].strip() and _CODE.match(self.utf8, end) is not None
        kind = import_kind(self.in_function, self.typing, self.guarded)
        position = len(self.imports)
        home = self.scope
        for name in names:
            if name.bound != "*":
                home = self.scopes.home(self.scope, name.bound)
                self.scopes.bind(home, name.bound, position)
        is_from = isinstance(node, ast.ImportFrom)
        self.imports.append(ImportSite(
            start, end, node.lineno, is_from, level, module, *place, names, home, kind, own_line
        ))  # fmt: skip

    def visit_Global(self, node: ast.Global) -> None:
        """Notes that names are the module's."""
        for name in node.names:
            self.scopes.elsewhere(self.scope, name, True)
            self.scopes.bind(0, name)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        """Notes that names are those of a function around."""
        for name in node.names:
            self.scopes.elsewhere(self.scope, name, False)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Notes a function: its decorators, and a scope of its own."""
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Notes an `async` function."""
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node)
        self._bind(node.name)
        inner = self._parameters(node.args, self.scopes.open(self.scope))
        self._annotation(node.returns)
        self._type_parameters(node)
        saved = self.scope, self.in_function, self.around
        self.scope, self.in_function, self.around = inner, True, []
        self._body(node.body, "function")
        self.scope, self.in_function, self.around = saved

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            name = dotted(call.func if call else decorator)
            if name and not isinstance(node, ast.ClassDef):
                keywords = tuple(keyword.arg or "**" for keyword in call.keywords) if call else ()
                first = call.args[0] if call and call.args else None
                self.decorators.append((DecoratorSite(
                    node.name, name, keywords, *self._keyword_place(decorator), decorator.lineno, (),
                    isinstance(first, ast.Constant) and isinstance(first.value, str),
                ), self.scope))  # fmt: skip
            self.visit(decorator)

    def _keyword_place(self, decorator: ast.expr) -> tuple[int, str, str]:
        """Where one more keyword of a decorator goes, and what has to stand before and after it."""
        end = self._end(decorator)
        if not isinstance(decorator, ast.Call):
            return end, "(", ")"
        if decorator.keywords:  # nothing can be put behind `**options`
            first = min(decorator.keywords, key=lambda keyword: (keyword.lineno, keyword.col_offset))
            return self._at(first.lineno, first.col_offset), "", ", "
        if not decorator.args:
            return end - 1, "", ""
        rest = _COMMENT.sub(b"", self.utf8[self._end(decorator.args[-1]) : end - 1])
        return end - 1, "" if b"," in rest else ", ", ""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Reads a class in a scope of its own."""
        self._decorators(node)
        for base in node.bases:
            self.visit(base)
        for keyword in node.keywords:
            self.visit(keyword.value)
        self._bind(node.name)
        self._type_parameters(node)
        saved = self.scope, self.around
        self.scope, self.around = self.scopes.open(self.scope, is_class=True), []
        self._body(node.body, "class")
        self.scope, self.around = saved

    def _type_parameters(self, node: ast.AST) -> None:
        for parameter in getattr(node, "type_params", ()):
            self.generic_visit(parameter)

    def visit_If(self, node: ast.If) -> None:
        """Reads an `if` with its whole chain of `elif`, which may be longer than the stack is deep."""
        saved = self.typing
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            branch = rest[0]
            if self.scope == 0 and "__main__" in ast.dump(branch.test):
                self.has_main = True
            self.visit(branch.test)
            self.typing = saved or is_type_checking(branch.test)
            self._body(branch.body)
            self.typing = saved
            rest = branch.orelse
        self._body(rest)

    def visit_Try(self, node: ast.Try) -> None:
        """Reads a `try`, in which imports may be allowed to fail."""
        saved = self.guarded
        self.guarded = saved or guards_imports(node)
        self._body(node.body)
        for handler in node.handlers:
            if handler.type is not None:
                self.visit(handler.type)
            if handler.name:
                self._bind(handler.name)
            self._body(handler.body)
        self.guarded = saved
        self._body(node.orelse)
        self._body(node.finalbody)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Reads an assignment; the strings in its value know what they are assigned to."""
        for target in node.targets:
            self.visit(target)
        with self._inside(*(f"into:{name}" for target in node.targets if (name := dotted(target)))):
            self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Reads an annotated assignment."""
        self.visit(node.target)
        self._annotation(node.annotation)
        if node.value is not None:
            is_alias = dotted(node.annotation).endswith("TypeAlias")
            with self._inside(*(["annotation"] if is_alias else []), f"into:{dotted(node.target)}"):
                self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Reads `x += …`."""
        self.visit(node.target)
        with self._inside(f"into:{dotted(node.target)}"):
            self.visit(node.value)
