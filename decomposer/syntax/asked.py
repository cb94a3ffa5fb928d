"""What a module does with a name of another: which attributes it asks for, what it gives away."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.model.signatures import Asked
from decomposer.syntax.dotted import dotted

_WRAPPED = frozenset({"Depends", "Optional", "Annotated"})


def attributes_of(source: bytes) -> frozenset[str]:
    """Every attribute that a module asks anything for; raises SyntaxError for what Python cannot read."""
    return frozenset(node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))


def read_asked(source: bytes, name: str, makes: bool) -> Asked:
    """What a module does with a dotted name; `makes` says that it is a class, so that what it makes counts too.

    Raises SyntaxError for what Python cannot read.
    """
    return _Reading(ast.parse(source), makes).of(name)


class _Reading:
    def __init__(self, tree: ast.Module, makes: bool) -> None:
        self.tree, self.makes = tree, makes
        self.above: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(tree):
            for inner in ast.iter_child_nodes(node):
                self.above[inner] = node
        self.attributes: set[str] = set()
        self.escapes = 0
        self.special, self.line = "", 0

    def of(self, name: str) -> Asked:
        instances: set[str] = set()
        for node in self._named(name):
            instances.update(self._class_use(node) if self.makes else self._value_use(node))
        for instance in sorted(instances):
            for node in self._named(instance):
                self._value_use(node)
        return Asked(frozenset(self.attributes), self.escapes, self.special, self.line)

    def _named(self, name: str) -> Iterator[ast.expr]:
        """The uses of a dotted name, in order; not the places where it is bound."""
        last = name.rpartition(".")[2]
        for node in ast.walk(self.tree):
            is_it = isinstance(node, ast.Attribute) and node.attr == last if "." in name else \
                isinstance(node, ast.Name) and node.id == last  # fmt: skip
            is_read = isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load)
            if is_it and is_read and isinstance(node, ast.expr) and dotted(node) == name:
                yield node

    def _class_use(self, node: ast.expr) -> Iterator[str]:
        """The names that are bound to what a class makes, where it is used in one way."""
        above = self.above[node]
        if isinstance(above, ast.Call) and above.func is node:
            yield from self._made(above)
        elif isinstance(above, ast.Attribute):
            self._attribute(above)
        elif isinstance(above, ast.ClassDef) and node in above.bases:
            self._special("is subclassed", node)
        elif not self._is_compared(node):
            holder = self._annotated(node)
            if holder:
                yield holder
            else:
                self._escape(node)

    def _made(self, call: ast.expr) -> Iterator[str]:
        above = self.above[call]
        while isinstance(above, ast.Await):
            call, above = above, self.above[above]
        if isinstance(above, ast.Attribute):
            self._attribute(above)
        elif isinstance(above, ast.Call) and above.func is call:
            self.attributes.add("__call__")
        elif isinstance(above, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and above.value is call:
            targets = above.targets if isinstance(above, ast.Assign) else [above.target]
            for target in targets:
                if dotted(target):
                    yield dotted(target)
                else:
                    self._escape(call)
        elif not isinstance(above, (ast.Raise, ast.Expr)):
            self._escape(call)

    def _value_use(self, node: ast.expr) -> Iterator[str] | tuple[()]:
        above = self.above[node]
        if isinstance(above, ast.Attribute):
            self._attribute(above)
        elif isinstance(above, ast.Call) and above.func is node:
            self.attributes.add("__call__")
        else:
            self._escape(node)
        return ()

    def _attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load):
            self.attributes.add(node.attr)
        else:
            self._special(f"has its attribute `{node.attr}` set", node)

    def _annotated(self, node: ast.expr) -> str:
        """The parameter or variable that a class is the type of, in `Annotated` and unions too; "" for none."""
        inner: ast.AST = node
        above = self.above[node]
        while isinstance(above, (ast.Subscript, ast.Tuple, ast.BinOp)) or (
            isinstance(above, ast.Call) and dotted(above.func).rpartition(".")[2] in _WRAPPED
        ):  # fmt: skip
            if isinstance(above, ast.Subscript) and dotted(above.value).rpartition(".")[2] not in _WRAPPED:
                return ""
            inner, above = above, self.above[above]
        if isinstance(above, ast.arg):
            return above.arg
        if isinstance(above, ast.AnnAssign) and above.annotation is inner:
            return dotted(above.target)
        if isinstance(above, ast.arguments):  # `service: Service = Depends(Service)`
            given = [*above.posonlyargs, *above.args]
            placed = dict(zip(reversed(above.defaults), reversed(given), strict=False))
            placed |= {value: arg for arg, value in zip(above.kwonlyargs, above.kw_defaults, strict=True) if value}
            found = placed.get(inner) if isinstance(inner, ast.expr) else None
            return found.arg if found is not None else ""
        return ""

    def _is_compared(self, node: ast.expr) -> bool:
        """Whether a class is only compared with: raised, caught, or asked whether something is one."""
        above = self.above[node]
        inner = self.above[above] if isinstance(above, ast.Tuple) else above
        return isinstance(inner, (ast.ExceptHandler, ast.Raise)) or (
            isinstance(inner, ast.Call) and dotted(inner.func) in ("isinstance", "issubclass"))  # fmt: skip

    def _escape(self, node: ast.expr) -> None:
        self.escapes = self.escapes or node.lineno

    def _special(self, what: str, node: ast.expr) -> None:
        if not self.special:
            self.special, self.line = what, node.lineno
