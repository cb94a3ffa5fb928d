"""One pass over a module's tree that tells where in its bytes every reference stands."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from decomposer.model.sites import OF_CALL, DecoratorSite, ImportedName, ImportSite, Sites, TextSite, UseSite
from decomposer.syntax.bytes_of_text import Text
from decomposer.syntax.dotted import dotted, text
from decomposer.syntax.imports import guards_imports, import_kind, is_type_checking
from decomposer.syntax.newer import parse_known
from decomposer.syntax.parse import parse
from decomposer.syntax.scopes import Scopes

_DEEP = 20_000
_GAP = rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_FROM = re.compile(
    rb"from" + _GAP + rb"((?:\.|[ \t\f]|\\(?:\r\n|\r|\n)|\w|[^\x00-\x7f])*?)" + _GAP + rb"(?<!\w)import\b"
)
_CODE = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_TYPES = frozenset({"cast", "TypeVar", "ForwardRef", "NewType", "TypeAliasType"})


def read_sites(source: bytes, content: Text, newer: bool = False) -> Sites:
    """All references of a Python file; what cannot be understood is told in `error`, never raised.

    Of a file whose syntax is `newer` than the running Python, those of the statements that it knows.
    """
    limit = sys.getrecursionlimit()
    try:
        tree, left_out = parse_known(content) if newer else (parse(source, "ast"), ())
        sys.setrecursionlimit(max(limit, _DEEP))
        return replace(_Reader(content).module(tree), left_out=left_out)
    except SyntaxError as error:
        return Sites(error=f"not understood: {error.msg}", error_line=error.lineno or 0)
    except (RecursionError, MemoryError):
        return Sites(error="not understood: nested too deeply")
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        return Sites(error=f"not understood: {error}")
    finally:
        sys.setrecursionlimit(limit)


_COMMENT = re.compile(rb"#[^\r\n]*")


class _Reader(ast.NodeVisitor):
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

    def module(self, tree: ast.Module) -> Sites:
        """All sites, after the whole tree has been read."""
        self._body(tree.body, "module")
        uses = []
        for start, ends, name, inside, in_text in self.uses:
            root = name.partition(".")[0]
            scope = inside if inside == OF_CALL else self.scopes.binder(inside, root)
            uses.append(UseSite(start, ends, name, scope, self.scopes.imports(scope, root), inside, in_text))
        decorators = []
        for site, inside in self.decorators:
            root = site.name.partition(".")[0]
            found = self.scopes.imports(self.scopes.binder(inside, root), root)
            decorators.append(replace(site, imports=found))
        return Sites(tuple(self.imports), tuple(uses), tuple(self.texts), tuple(decorators), self.scopes.table(),
                     self.has_main)  # fmt: skip

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

    # Statements

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

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Reads a lambda in a scope of its own."""
        inner = self._parameters(node.args, self.scopes.open(self.scope))
        saved, self.scope = self.scope, inner
        self.visit(node.body)
        self.scope = saved

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

    # Expressions

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
