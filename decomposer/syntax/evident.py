"""What is evident without annotations: types of defaults and returns, and which values a function changes in place."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from decomposer.model.signatures import Type
from decomposer.syntax.dotted import dotted

_MUTATORS = frozenset({
    "append", "extend", "insert", "remove", "pop", "popitem", "clear", "add", "discard", "update", "setdefault", "sort",
    "reverse", "appendleft", "popleft", "write", "send", "put", "put_nowait",
})  # fmt: skip
_CALLED = {"str": "str", "int": "int", "float": "float", "bool": "bool", "len": "int", "isinstance": "bool",
           "any": "bool", "all": "bool", "repr": "str", "round": ""}  # fmt: skip


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body without those of functions and classes inside it."""
    queue: list[ast.AST] = list(ast.iter_child_nodes(function))
    while queue:
        node = queue.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            queue.extend(ast.iter_child_nodes(node))


def evident_type(node: ast.expr | None) -> Type | None:
    """The type of an expression that can have no other, None for any that could."""
    name = ""
    if isinstance(node, ast.Constant) and node.value is not None and node.value is not ...:
        name = type(node.value).__name__
    elif isinstance(node, ast.JoinedStr):
        name = "str"
    elif isinstance(node, ast.Compare) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        name = "bool"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = _CALLED.get(node.func.id, "")
    return Type(name, (), name) if name else None


def evident_return(function: ast.FunctionDef | ast.AsyncFunctionDef, nodes: Iterable[ast.AST]) -> Type | None:
    """The type of what a function returns where all its returns have it; None's where it returns nothing."""
    if function.name == "__init__":
        return Type("None", (), "None")
    values = [node.value for node in nodes if isinstance(node, ast.Return) and node.value is not None]
    given = [value for value in values if not (isinstance(value, ast.Constant) and value.value is None)]
    if not given:
        return Type("None", (), "None")
    types = {evident_type(value) for value in given}
    found = types.pop()
    if types or found is None or len(given) != len(values) or not _ends(function.body):
        return None
    return found


def _ends(body: list[ast.stmt]) -> bool:
    """Whether a block never comes to its end: it returns, or raises, on every way."""
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return _ends(last.body) and bool(last.orelse) and _ends(last.orelse)
    return isinstance(last, ast.With) and _ends(last.body)


def changed(nodes: Iterable[ast.AST], names: Collection[str], attributes: bool = False) -> Iterator[tuple[str, int]]:
    """Which of some names have a value that is changed in place, and at which line.

    With `attributes` it is told which attribute of them, as for `self.total += 1` or `self.known.append(x)`.
    """
    listed = sorted((node for node in nodes if isinstance(node, (ast.stmt, ast.Call))), key=lambda n: n.lineno)
    rebound = {
        node.id: node.lineno for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }  # fmt: skip
    for node in listed:
        for target in _targets(node):
            head, _, rest = dotted(target).partition(".")
            if head in names and node.lineno <= rebound.get(head, node.lineno) and (rest or not attributes):
                yield rest.partition(".")[0] if attributes else head, node.lineno


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement or a call changes: the attribute that it sets, or the value that it changes."""
    if isinstance(node, (ast.Assign, ast.Delete)):
        targets: list[ast.expr] = list(node.targets)
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MUTATORS:
        yield node.func.value
        return
    else:
        return
    while targets:
        target = targets.pop()
        if isinstance(target, (ast.Tuple, ast.List)):
            targets += target.elts
        elif isinstance(target, ast.Attribute):
            yield target
        elif isinstance(target, ast.Subscript):
            yield target.value
