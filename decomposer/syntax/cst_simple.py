"""LibCST's simple statements as the `ast` nodes that CPython makes of them; their caller knows the lines."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from decomposer.syntax.cst_expressions import (
    BINARY,
    DELETE,
    LOAD,
    STORE,
    dotted_name,
    read,
    read_optional,
    read_target,
)

HAS_TYPE_PARAMETERS = hasattr(ast, "TypeVar")
# Classes that the running interpreter may not have yet.
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", None)
_TYPE_PARAMETERS: dict[type, Any] = {
    getattr(cst, name): getattr(ast, name, None) for name in ("TypeVar", "TypeVarTuple", "ParamSpec")
}
_HAS_DEFAULTS = "default_value" in getattr(_TYPE_PARAMETERS[cst.TypeVar], "_fields", ())


def read_simple(node: cst.BaseSmallStatement) -> ast.stmt:
    """The statement as `ast` has it, without its line."""
    return _READERS[type(node)](node)


def _assign(node: cst.Assign) -> ast.Assign:
    return ast.Assign([read_target(target.target) for target in node.targets], read(node.value))


def _annotated(node: cst.AnnAssign) -> ast.AnnAssign:
    target: Any = read_target(node.target)
    simple = int(type(target) is ast.Name and not node.target.lpar)
    annotation = read(node.annotation.annotation)
    return ast.AnnAssign(target, annotation, read_optional(node.value), simple)


def _augmented(node: cst.AugAssign) -> ast.AugAssign:
    target: Any = read_target(node.target)
    return ast.AugAssign(target, _AUGMENTED[type(node.operator)], read(node.value))


def _delete(node: cst.Del) -> ast.Delete:
    target = read_target(node.target, DELETE)
    return ast.Delete(target.elts if isinstance(target, ast.Tuple) and not node.target.lpar else [target])


def _alias(node: cst.ImportAlias) -> ast.alias:
    asname = None if node.asname is None else dotted_name(node.asname.name)
    return ast.alias(dotted_name(node.name) or "", asname)


def _import(node: cst.Import | cst.LazyImport) -> ast.Import:
    return ast.Import([_alias(alias) for alias in node.names])


def _import_from(node: cst.ImportFrom | cst.LazyImportFrom) -> ast.ImportFrom:
    names = node.names
    aliases = [ast.alias("*")] if isinstance(names, cst.ImportStar) else [_alias(alias) for alias in names]
    return ast.ImportFrom(dotted_name(node.module), aliases, len(node.relative))


def _raise(node: cst.Raise) -> ast.Raise:
    cause = None if node.cause is None else node.cause.item
    return ast.Raise(read_optional(node.exc), read_optional(cause))


def _return(node: cst.Return) -> ast.Return:
    return ast.Return(read_optional(node.value))


def _assert(node: cst.Assert) -> ast.Assert:
    return ast.Assert(read(node.test), read_optional(node.msg))


def _type_alias(node: cst.TypeAlias) -> ast.stmt:
    name = ast.Name(node.name.value, STORE)
    if _TYPE_ALIAS is None:
        return ast.Assign([name], read(node.value))
    alias: ast.stmt = _TYPE_ALIAS(name, read_type_parameters(node.type_parameters), read(node.value))
    return alias


def read_type_parameters(node: cst.TypeParameters | None) -> list[ast.AST]:
    """The type parameters of a class, function or alias, for an interpreter whose `ast` has them."""
    parameters: list[ast.AST] = []
    for item in () if node is None else node.params:
        parameter = item.param
        name = parameter.name.value
        made = _TYPE_PARAMETERS[type(parameter)](name)
        if isinstance(parameter, cst.TypeVar):
            made.bound = read_optional(parameter.bound)
        if _HAS_DEFAULTS and item.default is not None:
            default = read(item.default)
            made.default_value = ast.Starred(default, LOAD) if item.star else default
        parameters.append(made)
    return parameters


_AUGMENTED = {getattr(cst, f"{operator.__name__}Assign"): made for operator, made in BINARY.items()}
_READERS: dict[type, Callable[[Any], ast.stmt]] = {
    cst.Expr: lambda node: ast.Expr(read(node.value)),
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.LazyImport: _import,
    cst.LazyImportFrom: _import_from,
    cst.Global: lambda node: ast.Global([item.name.value for item in node.names]),
    cst.Nonlocal: lambda node: ast.Nonlocal([item.name.value for item in node.names]),
    cst.Pass: lambda node: ast.Pass(),
    cst.Break: lambda node: ast.Break(),
    cst.Continue: lambda node: ast.Continue(),
    cst.TypeAlias: _type_alias,
}
