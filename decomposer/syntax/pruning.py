"""A module without some of its names: which statements go with them, so that what is left still works."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from decomposer.model.pruning import Dropped, Gone
from decomposer.syntax.blocks import Block, blocks, bound, hands_on, is_hollow, within
from decomposer.syntax.bound import FUNCTIONS, Bound, Scope, own_nodes
from decomposer.syntax.displays import DISPLAYS, entries, holding
from decomposer.syntax.dotted import dotted

_SIMPLE = (ast.Name, ast.Attribute, ast.Constant)


class Pruning:
    """Decides what goes from a module's tree; `statements`, `aliases` and `elements` are the nodes that do.

    A name that goes takes with it every statement that uses it: a list only the element, a function all of itself
    when it returns what is gone. What was used by nothing else goes too, so that no import is left without a use.
    """

    def __init__(self, tree: ast.Module, gone: Gone) -> None:
        self.tree, self.gone = tree, gone
        self.statements: dict[ast.stmt, str] = {}
        self.aliases: set[ast.alias] = set()
        self.elements: dict[ast.expr, ast.expr] = {}
        """Elements of displays that go, with the display that each is in."""
        self._names: set[tuple[Scope, str]] = set()
        self._bound_in = Bound().within
        self._used_before = self._uses()
        if gone.hollow:
            self.statements.update((statement, "") for statement in tree.body[1:] if not hands_on(statement))
            self.statements.update((s, "") for s in tree.body[:1] if not (hands_on(s) or isinstance(s, ast.Expr)))
        size = -1
        while size != self._size():
            size = self._size()
            self._block(tree.body, (tree,), False)
            self._drop_unused()

    def told(self) -> Iterator[Dropped]:
        """The outermost statements that go because of a name, in order."""
        for statement, name in sorted(self.statements.items(), key=lambda item: item[0].lineno):
            if name:
                end = statement.end_lineno or statement.lineno
                yield Dropped(statement.lineno, end, ast.unparse(statement).splitlines()[0], name)

    def kept(self, block: Block) -> Block:
        """The statements of a block that stay."""
        return [statement for statement in block if statement not in self.statements]

    def _size(self) -> int:
        return len(self.statements) + len(self.aliases) + len(self.elements) + len(self._names)

    def _block(self, block: Block, scopes: tuple[Scope, ...], handles: bool) -> None:
        for statement in block:
            if statement not in self.statements:
                why = self._goes(statement, scopes, handles)
                if why is not None:
                    self._drop(statement, why, scopes)

    def _drop(self, statement: ast.stmt, why: str, scopes: tuple[Scope, ...]) -> None:
        self.statements[statement] = why
        for inner in within(statement):
            self.statements.pop(inner, None)
        self._names.update((scopes[-1], name) for name in bound(statement))

    def _goes(self, statement: ast.stmt, scopes: tuple[Scope, ...], handles: bool) -> str | None:
        """Why a statement goes: the name that it needs, "" for one that nobody need be told of; None if it stays."""
        lines = {statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))}
        if lines & self.gone.statements:
            return ""
        match statement:
            case ast.Import() | ast.ImportFrom():
                return self._import(statement, scopes)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._function(statement, scopes)
            case ast.ClassDef():
                outside = [*statement.decorator_list, *statement.bases, *statement.keywords]
                fields = [s for s in statement.body if not isinstance(s, (*FUNCTIONS, ast.ClassDef))]
                why = self._first([*outside, *fields], scopes)
                if why is None:
                    self._block(statement.body, (*scopes, statement), False)
                    return "" if is_hollow(statement.body, self.statements) else None
                return why
            case ast.If() | ast.While():
                return self._compound([statement.test], [statement.body, statement.orelse], scopes)
            case ast.For() | ast.AsyncFor():
                if self._first([statement.iter], scopes) and self._thin_out(statement.iter, scopes):
                    return None
                return self._compound([statement.iter], [statement.body, statement.orelse], scopes)
            case ast.With() | ast.AsyncWith():
                return self._compound([i.context_expr for i in statement.items], [statement.body], scopes)
            case ast.Match():
                return self._compound([statement.subject], [case.body for case in statement.cases], scopes)
            case ast.Try() | ast.TryStar():
                return self._try(statement, scopes)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                return self._assignment(statement, scopes, handles)
        why = self._first([statement], scopes)
        if why and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            displays = [a for a in statement.value.args if isinstance(a, DISPLAYS)]
            rest = [statement.value.func, *(a for a in statement.value.args if a not in displays),
                    *statement.value.keywords]  # fmt: skip
            if displays and not self._first(rest, scopes) and all(self._thin_out(d, scopes) for d in displays):
                return None
        return why

    def _import(self, statement: ast.Import | ast.ImportFrom, scopes: tuple[Scope, ...]) -> str | None:
        for alias in statement.names:
            bound = alias.asname or alias.name.partition(".")[0]
            if (statement.lineno, bound) in self.gone.imports:
                self.aliases.add(alias)
                self._names.add((scopes[-1], bound))
        return "" if all(alias in self.aliases for alias in statement.names) else None

    def _function(self, function: ast.FunctionDef | ast.AsyncFunctionDef, scopes: tuple[Scope, ...]) -> str | None:
        arguments = function.args
        annotations = [a.annotation for a in ast.walk(arguments) if isinstance(a, ast.arg) and a.annotation]
        outside = [*function.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults), *annotations]
        why = self._first([*outside, *([function.returns] if function.returns else [])], scopes)
        if why is not None:
            return why
        inner = (*scopes, function)
        for node in own_nodes(function):
            if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and node.value is not None:
                why = self._first([node.value], inner)
                if why is not None:
                    return why
        self._block(function.body, inner, False)
        return "" if is_hollow(function.body, self.statements) else None

    def _compound(self, heads: Iterable[ast.AST], blocks: list[Block], scopes: tuple[Scope, ...]) -> str | None:
        why = self._first(heads, scopes)
        if why is not None:
            return why
        for block in blocks:
            self._block(block, scopes, False)
        filled = [block for block in blocks if block]
        dropped = any(statement in self.statements for block in filled for statement in block)
        return "" if dropped and not any(self.kept(block) for block in filled) else None

    def _try(self, statement: ast.Try | ast.TryStar, scopes: tuple[Scope, ...]) -> str | None:
        self._block(statement.body, scopes, False)
        for handler in statement.handlers:
            self._block(handler.body, scopes, True)
        self._block(statement.orelse, scopes, False)
        self._block(statement.finalbody, scopes, False)
        empty = not self.kept(statement.body) and any(inner in self.statements for inner in statement.body)
        return "" if empty and not self.kept(statement.orelse) and not self.kept(statement.finalbody) else None

    def _assignment(
        self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, scopes: tuple[Scope, ...], handles: bool
    ) -> str | None:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if handles and names and isinstance(statement.value, ast.Constant):  # the fallback of an import that is gone
            return "" if any(self._is_gone(name, scopes) for name in names) else None
        if names == ["__all__"] and isinstance(statement.value, (ast.List, ast.Tuple)):
            for element in statement.value.elts:
                if isinstance(element, ast.Constant) and (self.tree, element.value) in self._names:
                    self.elements[element] = statement.value
            return None
        if scopes == (self.tree,) and self._without_texts(statement):
            return ""
        value = [statement.value] if statement.value is not None else []
        why = self._first([*value, *targets], scopes)
        if why is not None and isinstance(statement, ast.AugAssign) and self._first(targets, scopes):
            return why
        if why is not None and value and self._first(targets, scopes) is None and self._thin_out(value[0], scopes):
            return None
        return why

    def _without_texts(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
        """Takes strings out of a table of names, and the names that they are found by; true when all of it is to go.

        A table that is handed on, or that others ask for, stays without anything in it.
        """
        last = statement.end_lineno or statement.lineno
        gone = {text for line, text in self.gone.texts if statement.lineno <= line <= last}
        value = statement.value
        if not gone or value is None:
            return False
        given = [*value.args, *(keyword.value for keyword in value.keywords)] if isinstance(value, ast.Call) else []
        for display in (value, *given):
            leave = holding(display, gone)
            for entry in leave:
                if isinstance(display, ast.Dict) and isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                    self._names.add((self.tree, entry.value))
            is_emptied = display is value and bool(leave) and len(leave) == len(entries(display))
            if is_emptied and not self._is_asked_for(statement):
                return True
            self.elements.update(dict.fromkeys(leave, display))
        return False

    def _is_asked_for(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return any(isinstance(target, ast.Name) and target.id in self.gone.keep for target in targets)

    def _thin_out(self, display: ast.expr, scopes: tuple[Scope, ...]) -> bool:
        """Takes the elements that use what is gone out of a display; false when it is none that can do without."""
        if isinstance(display, ast.Dict):
            for key, value in zip(display.keys, display.values, strict=True):
                if key is not None and self._first([key, value], scopes):
                    self.elements[key] = display
            return True
        if not isinstance(display, (ast.List, ast.Set, ast.Tuple)):
            return False
        kinds = {type(element) for element in display.elts}
        if isinstance(display, ast.Tuple) and not (kinds <= set(_SIMPLE) or len(kinds) == 1):
            return False
        for element in display.elts:
            if self._first([element], scopes):
                self.elements[element] = display
        return True

    def _first(self, nodes: Iterable[ast.AST], scopes: tuple[Scope, ...]) -> str | None:
        """The first name used in these that is gone, None when there is none."""
        for node in nodes:
            for inner in self._walk(node):
                if isinstance(inner, ast.Name) and self._is_gone(inner.id, scopes):
                    return inner.id
                if isinstance(inner, ast.Attribute) and self.gone.attributes:
                    name = dotted(inner)
                    if name in self.gone.attributes:
                        return name
        return None

    def _walk(self, node: ast.AST) -> Iterator[ast.AST]:
        """A node and all below it, in order, without elements that go."""
        stack = [node]
        while stack:
            inner = stack.pop()
            if inner in self.elements:
                continue
            yield inner
            below = list(ast.iter_child_nodes(inner))
            if isinstance(inner, ast.Dict):
                pairs = zip(inner.keys, inner.values, strict=True)
                below = [n for k, v in pairs if k not in self.elements for n in (k, v) if n is not None]
            stack.extend(reversed(below))

    def _is_gone(self, name: str, scopes: tuple[Scope, ...]) -> bool:
        for scope in reversed(scopes):
            if name in self._bound_in(scope):
                return (scope, name) in self._names
        return False

    def _uses(self) -> set[tuple[Scope, str]]:
        """Every name that what stays uses, with the scope that binds it."""
        found: set[tuple[Scope, str]] = set()

        def look(node: ast.AST, scopes: tuple[Scope, ...]) -> None:
            if node in self.statements or node in self.elements:
                return
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.update((scope, node.id) for scope in scopes if node.id in self._bound_in(scope))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                found.add((scopes[0], node.value))  # of `__all__`, or a reference in quotes
            inner = (*scopes, node) if isinstance(node, (*FUNCTIONS, ast.ClassDef)) else scopes
            gone = [v for k, v in zip(node.keys, node.values, strict=True) if k in self.elements] \
                if isinstance(node, ast.Dict) else []
            for below in ast.iter_child_nodes(node):
                if below not in gone:
                    look(below, inner)

        for statement in self.tree.body:
            look(statement, (self.tree,))
        return found

    def _drop_unused(self) -> None:
        """Takes out imports, functions and classes that were used before, and now by nothing that stays."""
        idle = self._used_before - self._uses()
        if not idle or not (self.statements or self.elements):
            return

        def look(block: Block, scopes: tuple[Scope, ...]) -> None:
            home = scopes[-1]
            for statement in self.kept(block):
                if isinstance(statement, (ast.Import, ast.ImportFrom)):
                    for alias in statement.names:
                        bound = alias.asname or alias.name.partition(".")[0]
                        if (home, bound) in idle and not self._is_kept(home, bound):
                            self.aliases.add(alias)
                    if all(alias in self.aliases for alias in statement.names):
                        self._drop(statement, "", scopes)
                elif isinstance(statement, (*FUNCTIONS, ast.ClassDef)) and not statement.decorator_list and (
                    (home, statement.name) in idle and not self._is_kept(home, statement.name)
                ):  # fmt: skip
                    self._drop(statement, "", scopes)
                for inner in blocks(statement):
                    scope = (*scopes, statement) if isinstance(statement, (*FUNCTIONS, ast.ClassDef)) else scopes
                    look(inner, scope)

        look(self.tree.body, (self.tree,))

    def _is_kept(self, home: Scope, name: str) -> bool:
        return home is self.tree and name in self.gone.keep
