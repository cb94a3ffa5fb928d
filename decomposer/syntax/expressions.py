"""Expressions: the names they use, the calls they make, and the strings in them."""

from __future__ import annotations

import ast

from decomposer.model.facts import Definition, Dynamic, Import, RouteEvent, TableFact, Text
from decomposer.syntax import strings
from decomposer.syntax.dotted import argument, dotted, text, texts

_CHILDREN: dict[type, tuple[str, ...]] = {}
_DEPENDS = frozenset({"Depends", "Security"})
_LEAVES = frozenset(
    ("ctx", "op", "ops", "lineno", "kind", "type_comment", "type_params", "names", "conversion", "id", "attr", "arg",
     "name", "is_async", "simple")
)  # fmt: skip


class Expressions:
    """What is collected from a module, and where in it the reading is; statements are read by `Walk`."""

    def __init__(self) -> None:
        self.imports: list[Import] = []
        self.definitions: list[Definition] = []
        self.bindings: dict[str, None] = {}
        self.exports: tuple[str, ...] | None = None
        self.uses: dict[tuple[str, str, str], int] = {}
        self.texts: dict[Text, None] = {}
        self.dynamics: list[Dynamic] = []
        self.name_tables: list[Text] = []
        self.constants: dict[str, str] = {}
        self.events: list[RouteEvent] = []
        self.tables: list[TableFact] = []
        self.dynamic_getattr = False
        self.open_namespace = False
        self.locals: dict[str, set[str]] = {}
        self._parameters: dict[str, tuple[str, ...]] = {}
        self._scope = ""
        self._function = ""
        self._line = 1
        self._typing = False
        self._guarded = False
        self._guard = ""

    def _bind(self, name: str) -> None:
        if self._function:
            self.locals[self._function].add(name)
        elif not self._scope:
            self.bindings[name] = None

    def _use(self, node: ast.AST, role: str = "") -> None:
        name = dotted(node)
        if name:
            self.uses.setdefault((self._scope, name, role), self._line)

    def _annotation(self, node: ast.expr | None) -> None:
        if node is None:
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name in strings.annotation_names(node.value):
                self.uses.setdefault((self._scope, name, "annotation"), self._line)
            return
        if isinstance(node, ast.Subscript) and dotted(node.value).rpartition(".")[2] != "Literal":
            self._expression(node.value)
            self._annotation(node.slice)
        elif isinstance(node, ast.Tuple):
            for item in node.elts:
                self._annotation(item)
        elif isinstance(node, ast.BinOp):
            self._annotation(node.left)
            self._annotation(node.right)
        else:
            self._expression(node)

    def _expression(self, root: ast.AST) -> None:
        """All names, calls and strings of an expression, walked with a stack of its own."""
        stack = [root]
        push, pop = stack.append, stack.pop
        while stack:
            node = pop()
            kind = type(node)
            if kind is ast.Name:
                if type(node.ctx) is ast.Load:  # type: ignore[attr-defined]
                    self.uses.setdefault((self._scope, node.id, ""), self._line)  # type: ignore[attr-defined]
                else:
                    self._bind(node.id)  # type: ignore[attr-defined]
            elif kind is ast.Attribute:
                name = dotted(node)
                if name:
                    self.uses.setdefault((self._scope, name, ""), self._line)
                else:
                    push(node.value)  # type: ignore[attr-defined]
            elif kind is ast.Call:
                self._call(node, stack)  # type: ignore[arg-type]
            elif kind is ast.Constant:
                value = node.value  # type: ignore[attr-defined]
                if type(value) is str and strings.looks_like_a_name(value):
                    self.texts[Text(self._line, self._scope, value)] = None
            else:
                if kind is ast.BinOp and type(node.op) is ast.Div:  # type: ignore[attr-defined]
                    part = text(node.right)  # type: ignore[attr-defined]
                    if part and strings.looks_like_a_folder(part):
                        self.texts[Text(self._line, self._scope, part, "/")] = None
                for field in fields(kind):
                    child = getattr(node, field)
                    if type(child) is list:
                        stack.extend(item for item in reversed(child) if item is not None)
                    elif child is not None:
                        push(child)

    def _call(self, node: ast.Call, stack: list[ast.AST]) -> None:
        callee = dotted(node.func)
        rest: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
        if callee:
            self.uses.setdefault((self._scope, callee, "call"), self._line)
            if callee == "globals" and not self._scope:
                self.open_namespace = True
            found = strings.read_call_texts(node, callee, self._line, self._scope)
            self.texts.update(dict.fromkeys(found))
            dynamic = strings.read_dynamic(node, callee, self._line, self._scope)
            if dynamic is not None:
                self.dynamics.append(dynamic)
            if found:
                told = {fact.value for fact in found}
                rest = [item for item in rest if text(item) not in told and not set(texts(item)) & told]
            if callee.rpartition(".")[2] in _DEPENDS:
                self._depends(node)
        else:
            stack.append(node.func)
            found = strings.read_call_texts(node, _method(node.func), self._line, self._scope)
            if found:
                told = {fact.value for fact in found}
                self.texts.update(dict.fromkeys(found))
                rest = [item for item in rest if text(item) not in told]
        stack.extend(reversed(rest))

    def _depends(self, node: ast.Call) -> None:
        dependency = argument(node, 0, "dependency")
        if isinstance(dependency, ast.Call):
            dependency = dependency.func
        if dependency is not None:
            self._use(dependency, "depends")


def _method(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def fields(kind: type) -> tuple[str, ...]:
    """The fields of a node class that can hold nodes."""
    fields = _CHILDREN.get(kind)
    if fields is None:
        fields = tuple(name for name in getattr(kind, "_fields", ()) if name not in _LEAVES)
        _CHILDREN[kind] = fields
    return fields
