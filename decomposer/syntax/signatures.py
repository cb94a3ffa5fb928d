"""Signatures: parameters, types and what a function does to what it is given, as far as the text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from decomposer.model.signatures import Class, Function, Parameter, Signatures, Type
from decomposer.syntax.dotted import dotted
from decomposer.syntax.evident import changed, evident_return, evident_type, own_nodes

_Defined = ast.FunctionDef | ast.AsyncFunctionDef


def read_signatures(source: bytes) -> Signatures:
    """The signatures of a module's own functions and classes; raises SyntaxError for what Python cannot read."""
    tree = ast.parse(source)
    found = Signatures({}, {}, {}, {}, {}, tuple(_raised(tree)))
    for node in _outer(tree.body):
        if isinstance(node, _Defined):
            found.functions[node.name] = _function(node, node.name)
        elif isinstance(node, ast.ClassDef):
            found.classes[node.name] = _class(node)
            for inner in node.body:
                if isinstance(inner, _Defined):
                    name = f"{node.name}.{inner.name}"
                    found.functions[name] = _function(inner, name)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            _bound(found, node.targets[0].id, node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            _bound(found, node.target.id, node.value)
    return found


def read_type(node: ast.expr | None) -> Type:
    """A type's expression: names, subscripts, unions, and strings that hold one; a Type named "" for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return read_type(ast.parse(node.value, mode="eval").body)
        except SyntaxError:
            return Type("", (), repr(node.value))
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return Type("None", (), "None")
    text = ast.unparse(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = (read_type(node.left), read_type(node.right))
        flat = tuple(part for side in sides for part in (side.arguments if side.name == "|" else (side,)))
        return Type("|", flat, text)
    if isinstance(node, ast.Subscript):
        name = dotted(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name.rpartition(".")[2] == "Literal":
            return Type(name, (), text)
        return Type(name, tuple(_argument(one) for one in inner), text)
    return Type(dotted(node), (), text)


def _argument(node: ast.expr) -> Type:
    if isinstance(node, ast.Constant) and node.value is ...:
        return Type("...", (), "...")
    if isinstance(node, ast.List):
        return Type("[]", tuple(read_type(one) for one in node.elts), ast.unparse(node))
    return read_type(node)


def _outer(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those in its `if` and `try` too."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _outer([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            handlers = [statement for handler in node.handlers for statement in handler.body]
            yield from _outer([*handlers, *node.orelse, *node.body, *node.finalbody])
        else:
            yield node


def _bound(found: Signatures, name: str, value: ast.expr) -> None:
    """What a name is bound to: a literal, what a class makes, or another name of a type."""
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        if isinstance(value, ast.Call):
            called = dotted(value.func)
            if called.rpartition(".")[2] == "NewType" and len(value.args) == 2:
                found.aliases[name] = read_type(value.args[1])
            elif called:
                found.instances[name] = called
        else:
            found.aliases[name] = read_type(value)
    else:
        found.constants[name] = ast.unparse(value)


def _function(node: _Defined, name: str) -> Function:
    nodes = list(own_nodes(node))
    yields = next((n.lineno for n in nodes if isinstance(n, (ast.Yield, ast.YieldFrom))), 0)
    parameters = tuple(_parameters(node.args))
    is_method = "." in name and not any(dotted(d) == "staticmethod" for d in node.decorator_list)
    own = parameters[0].name if is_method and parameters else ""
    given = {parameter.name for parameter in parameters} - {own}
    returns = read_type(node.returns) if node.returns is not None else evident_return(node, nodes)
    return Function(
        name, node.lineno, isinstance(node, ast.AsyncFunctionDef), parameters, returns,
        tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list), yields,
        tuple(changed(nodes, given)), tuple(changed(nodes, {own}, attributes=True)) if own else (), _told(node),
    )  # fmt: skip


def _parameters(arguments: ast.arguments) -> Iterator[Parameter]:
    placed = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(placed) - len(arguments.defaults))
    defaults += arguments.defaults
    for number, (given, default) in enumerate(zip(placed, defaults, strict=True)):
        yield _parameter(given, "position" if number < len(arguments.posonlyargs) else "any", default)
    if arguments.vararg is not None:
        yield _parameter(arguments.vararg, "*", None)
    for given, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(given, "keyword", default)
    if arguments.kwarg is not None:
        yield _parameter(arguments.kwarg, "**", None)


def _parameter(given: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
    type = read_type(given.annotation) if given.annotation is not None else evident_type(default)
    is_plain = True
    if default is not None:
        try:
            ast.literal_eval(default)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            is_plain = False
    return Parameter(given.arg, kind, type, ast.unparse(default) if default is not None else "", is_plain)


def _class(node: ast.ClassDef) -> Class:
    fields = tuple(
        (inner.target.id, read_type(inner.annotation), inner.lineno)
        for inner in node.body if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)
    )  # fmt: skip
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    table = named.get("table")
    return Class(
        node.name, node.lineno, min([node.lineno, *(d.lineno for d in node.decorator_list)]),
        node.end_lineno or node.lineno, tuple(dotted(base) for base in node.bases),
        tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list), fields,
        tuple(inner.name for inner in node.body if isinstance(inner, _Defined)),
        isinstance(table, ast.Constant) and table.value is True, tuple(_kept(node)),
        frozenset(_names(node)), _told(node), tuple(_made(node)),
    )  # fmt: skip


def _made(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """The fields of a dataclass that are no parameters of its `__init__`."""
    for inner in node.body:
        if not isinstance(inner, ast.AnnAssign) or not isinstance(inner.target, ast.Name):
            continue
        if isinstance(inner.value, ast.Call):
            said = {keyword.arg: keyword.value for keyword in inner.value.keywords}.get("init")
            if isinstance(said, ast.Constant) and said.value is False:
                yield inner.target.id, inner.lineno


def _told(node: _Defined | ast.ClassDef) -> str:
    """The first line of a docstring."""
    return (ast.get_docstring(node) or "").strip().partition("\n")[0].strip()


def _names(node: ast.ClassDef) -> Iterator[str]:
    """Every name that the text of a class looks up, those in types that are written as strings too."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            yield inner.id
        types = (
            [inner.annotation] if isinstance(inner, (ast.arg, ast.AnnAssign)) else
            [inner.returns] if isinstance(inner, _Defined) else []
        )  # fmt: skip
        for type in filter(None, types):
            yield from _named(read_type(type))


def _named(type: Type) -> Iterator[str]:
    """The first parts of the names in a type."""
    yield type.name.partition(".")[0]
    for one in type.arguments:
        yield from _named(one)


def _kept(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The attributes that `__init__` takes over from its parameters: `self.session = session`."""
    for inner in node.body:
        if isinstance(inner, _Defined) and inner.name == "__init__":
            given = {argument.arg for argument in [*inner.args.args, *inner.args.kwonlyargs]}
            for statement in inner.body:
                target = statement.targets[0] if isinstance(statement, ast.Assign) else \
                    statement.target if isinstance(statement, ast.AnnAssign) else None  # fmt: skip
                value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
                if isinstance(target, ast.Attribute) and isinstance(value, ast.Name) and value.id in given:
                    yield target.attr, value.id


def _raised(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What a module raises, and what a contract says that its owner does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and dotted(node.target) == "RAISED" and isinstance(node.value, ast.Dict):
            yield from ((dotted(value), value.lineno) for value in node.value.values if dotted(value))
        if isinstance(node, ast.Raise) and node.exc is not None:
            name = dotted(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
            if name:
                yield name, node.lineno
