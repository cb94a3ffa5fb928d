"""The references in expressions: names, strings, and what is around each."""

from __future__ import annotations

import ast

from decomposer.model.sites import OF_CALL, TextSite
from decomposer.syntax.dotted import dotted, text
from decomposer.syntax.site_places import Places

_TYPES = frozenset({"cast", "TypeVar", "ForwardRef", "NewType", "TypeAliasType"})


class Expressions(Places):
    """Reads expressions, and the patterns of `match`."""

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            with self._inside("annotation"):
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """Notes a plain name."""
        if not isinstance(node.ctx, ast.Store):  # `del app` needs the name, and makes it the scope's own
            self._use(node, (self._end(node),), node.id)
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Notes `a.b.c` as one use, with the place where each part ends."""
        ends: list[int] = []
        names: list[str] = []
        at: ast.expr = node
        while isinstance(at, ast.Attribute):
            ends.append(self._end(at))
            names.append(at.attr)
            at = at.value
        if isinstance(at, ast.Name):
            self._use(at, (self._end(at), *reversed(ends)), ".".join([at.id, *reversed(names)]))
        else:
            if isinstance(at, ast.Call) and dotted(at.func) == "__import__" and len(at.args) == 1 and not self.formats:
                top = (text(at.args[0]) or "").partition(".")[0]
                end = self._end(at)
                self.uses.append((end, (end, *reversed(ends)), ".".join([top, *reversed(names)]), OF_CALL, False))
            self.visit(at)

    def _use(self, node: ast.Name, ends: tuple[int, ...], name: str) -> None:
        if self.formats:  # places inside f-strings are not to be trusted before Python 3.12
            whole = self.formats[0]
            self.uses.append((self._start(whole), (self._end(whole),) * len(ends), name, self.scope, True))
        else:
            self.uses.append((self._start(node), ends, name, self.scope, False))

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """Reads `x[…]`; `Literal["…"]` holds no annotation, and a plain subscript knows what it is of."""
        self.visit(node.value)
        name = dotted(node.value)
        if name.rpartition(".")[2] in ("Literal", "Annotated") and "annotation" in self.around:
            saved, self.around = self.around, [part for part in self.around if part != "annotation"]
            self.visit(node.slice)
            self.around = saved
        else:
            with self._inside(f"of:{name}"):
                self.visit(node.slice)

    def visit_Call(self, node: ast.Call) -> None:
        """Reads a call; the strings among its arguments know which one they are."""
        self.visit(node.func)
        callee = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "()")
        types = callee.rpartition(".")[2] in _TYPES
        with self._inside(f"call:{callee}"):
            for position, argument in enumerate(node.args):
                with self._inside(f"arg:{position}", *(["annotation"] if types and text(argument) else [])):
                    self.visit(argument)
            for keyword in node.keywords:
                with self._inside(f"arg:{keyword.arg or '**'}", *(["annotation"] if keyword.arg == "bound" else [])):
                    self.visit(keyword.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        """Reads a display; its values know their keys."""
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                with self._inside("key"):
                    self.visit(key)
            with self._inside(*([f"under:{text(key) or ''}"] if key is not None else [])):
                self.visit(value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Reads a comparison."""
        with self._inside("compare"):
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Reads an f-string: its literal parts as text, its fields as code."""
        first = node.values[0] if node.values else None
        if not self.formats and isinstance(first, ast.Constant) and isinstance(first.value, str):
            self._text(node, first.value, "format")
        self.formats.append(node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)
                if isinstance(part.format_spec, ast.JoinedStr):
                    self.visit(part.format_spec)
        self.formats.pop()

    def visit_Constant(self, node: ast.Constant) -> None:
        """Notes a string literal."""
        if isinstance(node.value, str) and not self.formats:
            self._text(node, node.value)

    def _text(self, node: ast.expr, value: str, *more: str) -> None:
        self.texts.append(TextSite(
            self._start(node), self._end(node), node.lineno, value, (*self.around, *more)
        ))  # fmt: skip

    def visit_ListComp(self, node: ast.ListComp) -> None:
        """Reads a comprehension in a scope of its own."""
        self._comprehension(node.generators, node.elt)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        """Reads a comprehension in a scope of its own."""
        self._comprehension(node.generators, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        """Reads a comprehension in a scope of its own."""
        self._comprehension(node.generators, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        """Reads a comprehension in a scope of its own."""
        self._comprehension(node.generators, node.key, node.value)

    def _comprehension(self, generators: list[ast.comprehension], *results: ast.expr) -> None:
        saved = self.scope
        inner = self.scopes.open(saved)
        for position, generator in enumerate(generators):
            self.scope = inner if position else saved  # the first iterable is read outside
            self.visit(generator.iter)
            self.scope = inner
            self.visit(generator.target)
            for condition in generator.ifs:
                self.visit(condition)
        for result in results:
            self.visit(result)
        self.scope = saved

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Reads `x := …`, taken as bound where it stands."""
        self.visit(node.value)
        self._bind(node.target.id)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        """Notes what a pattern binds."""
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        """Notes what a pattern binds."""
        if node.name:
            self._bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """Notes what a pattern binds."""
        if node.rest:
            self._bind(node.rest)
        self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Reads a lambda in a scope of its own."""
        inner = self._parameters(node.args, self.scopes.open(self.scope))
        saved, self.scope = self.scope, inner
        self.visit(node.body)
        self.scope = saved

    def _parameters(self, arguments: ast.arguments, inner: int) -> int:
        """The scope given, with the parameters bound in it; defaults and annotations belong to the one around."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.visit(default)
        extra = (arguments.vararg, arguments.kwarg)
        for parameter in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra):
            if parameter is not None:
                self.scopes.bind(inner, parameter.arg)
                self._annotation(parameter.annotation)
        return inner
