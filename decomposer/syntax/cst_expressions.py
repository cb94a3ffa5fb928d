"""LibCST's expressions as the `ast` nodes that CPython makes of them, without positions.

One function per node class, found in a table: no visitor, and no look at white space.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from decomposer.syntax.cst_strings import Read, concatenated_string, formatted_string, simple_string

LOAD, STORE, DELETE = ast.Load(), ast.Store(), ast.Del()
_SINGLETONS = {"None": None, "True": True, "False": False}
_UNARY: dict[type, ast.unaryop] = {
    cst.Plus: ast.UAdd(),
    cst.Minus: ast.USub(),
    cst.BitInvert: ast.Invert(),
    cst.Not: ast.Not(),
}
_BOOLEAN: dict[type, ast.boolop] = {cst.And: ast.And(), cst.Or: ast.Or()}
BINARY: dict[type, ast.operator] = {
    cst.Add: ast.Add(),
    cst.Subtract: ast.Sub(),
    cst.Multiply: ast.Mult(),
    cst.MatrixMultiply: ast.MatMult(),
    cst.Divide: ast.Div(),
    cst.FloorDivide: ast.FloorDiv(),
    cst.Modulo: ast.Mod(),
    cst.Power: ast.Pow(),
    cst.LeftShift: ast.LShift(),
    cst.RightShift: ast.RShift(),
    cst.BitOr: ast.BitOr(),
    cst.BitAnd: ast.BitAnd(),
    cst.BitXor: ast.BitXor(),
}
_COMPARE: dict[type, ast.cmpop] = {
    cst.LessThan: ast.Lt(),
    cst.LessThanEqual: ast.LtE(),
    cst.GreaterThan: ast.Gt(),
    cst.GreaterThanEqual: ast.GtE(),
    cst.Equal: ast.Eq(),
    cst.NotEqual: ast.NotEq(),
    cst.In: ast.In(),
    cst.NotIn: ast.NotIn(),
    cst.Is: ast.Is(),
    cst.IsNot: ast.IsNot(),
}


def read(node: cst.CSTNode) -> ast.expr:
    """The expression as `ast` has it, to be loaded from."""
    return _READERS[type(node)](node)


def read_optional(node: cst.CSTNode | None) -> ast.expr | None:
    """The same for an expression that may be absent."""
    return None if node is None else read(node)


def read_target(node: cst.CSTNode, context: ast.expr_context = STORE) -> ast.expr:
    """The expression as something that is assigned to or deleted."""
    target = read(node)
    _set_context(target, context)
    return target


def read_arguments(node: cst.Parameters) -> ast.arguments:
    """The parameters of a function or lambda."""
    star = node.star_arg
    positional = (*node.posonly_params, *node.params)
    return ast.arguments(
        [_parameter(parameter) for parameter in node.posonly_params],
        [_parameter(parameter) for parameter in node.params],
        _parameter(star) if type(star) is cst.Param else None,
        [_parameter(parameter) for parameter in node.kwonly_params],
        [read_optional(parameter.default) for parameter in node.kwonly_params],
        None if node.star_kwarg is None else _parameter(node.star_kwarg),
        [read(parameter.default) for parameter in positional if parameter.default is not None],
    )


def read_call_arguments(arguments: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
    """The positional arguments of a call (or the bases of a class) and its keywords."""
    positional: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for argument in arguments:
        value = read(argument.value)
        if argument.keyword is not None:
            keywords.append(ast.keyword(argument.keyword.value, value))
        elif not argument.star:
            positional.append(value)
        elif argument.star == "*":
            positional.append(ast.Starred(value, LOAD))
        else:
            keywords.append(ast.keyword(None, value))
    return positional, keywords


def dotted_name(node: cst.BaseExpression | None) -> str | None:
    """The name of a module as an import statement spells it."""
    if node is None:
        return None
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    parts.append(str(getattr(node, "value", "")))
    return ".".join(reversed(parts))


def _set_context(node: ast.expr, context: ast.expr_context) -> None:
    node.ctx = context  # type: ignore[attr-defined]
    if isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            _set_context(element, context)
    elif isinstance(node, ast.Starred):
        _set_context(node.value, context)


def _parameter(node: cst.Param) -> ast.arg:
    annotation = node.annotation
    return ast.arg(node.name.value, None if annotation is None else read(annotation.annotation))


def _name(node: cst.Name) -> ast.expr:
    value = node.value
    return ast.Constant(_SINGLETONS[value]) if value in _SINGLETONS else ast.Name(value, LOAD)


def _attribute(node: cst.Attribute) -> ast.Attribute:
    return ast.Attribute(read(node.value), node.attr.value, LOAD)


def _call(node: cst.Call) -> ast.Call:
    function = read(node.func)
    return ast.Call(function, *read_call_arguments(node.args))


def _subscript(node: cst.Subscript) -> ast.Subscript:
    elements = node.slice
    first = elements[0]
    # A single index is itself; a trailing comma or a star makes it a tuple.
    if len(elements) == 1 and type(first.comma) is not cst.Comma and not getattr(first.slice, "star", None):
        return ast.Subscript(read(node.value), read(first.slice), LOAD)
    indices = [read(element.slice) for element in elements]
    return ast.Subscript(read(node.value), ast.Tuple(indices, LOAD), LOAD)


def _index(node: cst.Index) -> ast.expr:
    return ast.Starred(read(node.value), LOAD) if node.star else read(node.value)


def _slice(node: cst.Slice) -> ast.Slice:
    return ast.Slice(read_optional(node.lower), read_optional(node.upper), read_optional(node.step))


def _unary(node: cst.UnaryOperation) -> ast.UnaryOp:
    return ast.UnaryOp(_UNARY[type(node.operator)], read(node.expression))


def _binary(node: cst.BinaryOperation) -> ast.expr:
    """A loop down the left side: generated code adds up thousands of terms."""
    operations = [node]
    left = node.left
    while isinstance(left, cst.BinaryOperation):
        operations.append(left)
        left = left.left
    result = read(left)
    for operation in reversed(operations):
        result = ast.BinOp(result, BINARY[type(operation.operator)], read(operation.right))
    return result


def _boolean(node: cst.BooleanOperation) -> ast.BoolOp:
    """`a and b and c` is one operation; brackets around a part keep it apart."""
    operator = type(node.operator)
    values = [read(node.right)]
    left = node.left
    while isinstance(left, cst.BooleanOperation) and type(left.operator) is operator and not left.lpar:
        values.append(read(left.right))
        left = left.left
    values.append(read(left))
    values.reverse()
    return ast.BoolOp(_BOOLEAN[operator], values)


def _comparison(node: cst.Comparison) -> ast.Compare:
    operators = [_COMPARE[type(target.operator)] for target in node.comparisons]
    return ast.Compare(read(node.left), operators, [read(target.comparator) for target in node.comparisons])


def _if_expression(node: cst.IfExp) -> ast.IfExp:
    return ast.IfExp(read(node.test), read(node.body), read(node.orelse))


def _lambda(node: cst.Lambda) -> ast.Lambda:
    return ast.Lambda(read_arguments(node.params), read(node.body))


def _yield(node: cst.Yield) -> ast.expr:
    if isinstance(node.value, cst.From):
        return ast.YieldFrom(read(node.value.item))
    return ast.Yield(read_optional(node.value))


def _starred(node: cst.StarredElement) -> ast.Starred:
    return ast.Starred(read(node.value), LOAD)


def _elements(elements: Sequence[cst.BaseElement]) -> list[ast.expr]:
    return [read(element.value) if type(element) is cst.Element else read(element) for element in elements]


def _dict(node: cst.Dict) -> ast.Dict:
    keys = [read(element.key) if isinstance(element, cst.DictElement) else None for element in node.elements]
    return ast.Dict(keys, [read(element.value) for element in node.elements])


def _generators(node: cst.CompFor | None) -> list[ast.comprehension]:
    generators: list[ast.comprehension] = []
    while node is not None:
        conditions = [read(condition.test) for condition in node.ifs]
        target, iterable = read_target(node.target), read(node.iter)
        generators.append(ast.comprehension(target, iterable, conditions, int(node.asynchronous is not None)))
        node = node.inner_for_in
    return generators


def _named(node: cst.NamedExpr) -> ast.NamedExpr:
    return ast.NamedExpr(read_target(node.target), read(node.value))  # type: ignore[arg-type]


_READERS: dict[type, Read] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.SimpleString: simple_string,
    cst.ConcatenatedString: lambda node: concatenated_string(node, read),
    cst.FormattedString: lambda node: formatted_string(node, read),
    cst.TemplatedString: lambda node: formatted_string(node, read),
    cst.Integer: lambda node: ast.Constant(int(node.value, 0)),
    cst.Float: lambda node: ast.Constant(float(node.value)),
    cst.Imaginary: lambda node: ast.Constant(complex(0, float(node.value[:-1]))),
    cst.Ellipsis: lambda node: ast.Constant(...),
    cst.Subscript: _subscript,
    cst.Index: _index,
    cst.Slice: _slice,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Comparison: _comparison,
    cst.IfExp: _if_expression,
    cst.Lambda: _lambda,
    cst.Await: lambda node: ast.Await(read(node.expression)),
    cst.Yield: _yield,
    cst.StarredElement: _starred,
    cst.Tuple: lambda node: ast.Tuple(_elements(node.elements), LOAD),
    cst.List: lambda node: ast.List(_elements(node.elements), LOAD),
    cst.Set: lambda node: ast.Set(_elements(node.elements)),
    cst.Dict: _dict,
    cst.GeneratorExp: lambda node: ast.GeneratorExp(read(node.elt), _generators(node.for_in)),
    cst.ListComp: lambda node: ast.ListComp(read(node.elt), _generators(node.for_in)),
    cst.SetComp: lambda node: ast.SetComp(read(node.elt), _generators(node.for_in)),
    cst.DictComp: lambda node: ast.DictComp(read(node.key), read(node.value), _generators(node.for_in)),
    cst.NamedExpr: _named,
}
