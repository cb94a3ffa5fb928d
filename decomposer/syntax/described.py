"""Reads what a module's handlers take and answer, and its models, as FastAPI and pydantic would describe them."""

from __future__ import annotations

import ast

from decomposer.model.described import Described, Field, Handler, Model
from decomposer.model.signatures import Type
from decomposer.syntax.dotted import dotted
from decomposer.syntax.signatures import read_type

_ROUTES = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace", "api_route"})
_HARMLESS = frozenset({"from_attributes", "frozen", "validate_assignment", "arbitrary_types_allowed",
                       "str_strip_whitespace", "protected_namespaces", "title", "validate_default"})  # fmt: skip
"""Settings of a model that its schema does not show, or only in what is not compared."""
_NAMING = frozenset({"alias", "serialization_alias", "validation_alias", "exclude", "schema_extra", "json_schema_extra",
                     "discriminator", "sa_column"})  # fmt: skip
"""What gives a field another name or form."""
_MAKING = frozenset({"computed_field", "field_serializer", "model_serializer", "serializer", "validator"})
"""Decorators of methods by which a model has other fields than its text shows."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_described(source: bytes) -> Described:
    """The handlers and models of a module; raises SyntaxError for what Python cannot read."""
    found = Described({}, {})
    for node in ast.parse(source).body:
        if isinstance(node, _Function):
            routes = [d for d in node.decorator_list if isinstance(d, ast.Call) and _last(d.func) in _ROUTES]
            if routes:
                found.handlers[node.name] = _handler(node, routes)
        elif isinstance(node, ast.ClassDef):
            found.models[node.name] = _model(node)
    return found


def _handler(node: _Function, routes: list[ast.Call]) -> Handler:
    said = [{keyword.arg: keyword.value for keyword in route.keywords} for route in routes]
    told = {ast.unparse(one["response_model"]) if "response_model" in one else "" for one in said}
    given = said[0].get("response_model") if said else None
    answers = given if given is not None else node.returns
    is_plain = len(told) == 1 and not any(one.keys() & {None, "response_class", "responses"} for one in said)
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    takes = tuple(read_type(one.annotation) for one in arguments if one.annotation is not None)
    return Handler(node.name, node.lineno, read_type(answers) if answers is not None else None, takes, is_plain)


def _model(node: ast.ClassDef) -> Model:
    fields, is_plain = [], not [k for k in node.keywords if k.arg != "table"]
    for inner in node.body:
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
            name, type = inner.target.id, read_type(inner.annotation)
            if name.startswith("_") or type.name.rpartition(".")[2] == "ClassVar" or _last(_called(inner.value)) in (
                "Relationship", "PrivateAttr",
            ):  # fmt: skip
                continue
            is_plain = is_plain and _is_named_so(inner.value) and name != "model_config" and _is_named_type(type)
            fields.append(Field(name, type, inner.lineno, _is_needed(inner.value)))
        elif isinstance(inner, ast.Assign) and any(dotted(one) == "model_config" for one in inner.targets):
            is_plain = is_plain and isinstance(inner.value, ast.Call) and not inner.value.args and not {
                keyword.arg for keyword in inner.value.keywords} - _HARMLESS  # fmt: skip
        elif isinstance(inner, ast.ClassDef):
            is_plain = False  # `class Config`, or a model inside of one
        elif isinstance(inner, _Function):
            made = {_last(d.func if isinstance(d, ast.Call) else d) for d in inner.decorator_list}
            is_plain = is_plain and not made & _MAKING and not inner.name.startswith("__get_pydantic")
    return Model(node.name, node.lineno, tuple(dotted(base) for base in node.bases), tuple(fields), is_plain)


def _is_named_type(type: Type) -> bool:
    """Whether a field's type has nothing in it that may give the field another name."""
    return type.name.rpartition(".")[2] != "Annotated" or "alias" not in type.text


def _is_named_so(value: ast.expr | None) -> bool:
    """Whether a field is in the schema by its own name, and in the form of its type."""
    call = value if isinstance(value, ast.Call) and _last(value.func) == "Field" else None
    return call is None or not {keyword.arg for keyword in call.keywords} & {None, *_NAMING}


def _is_needed(value: ast.expr | None) -> bool:
    """Whether a field has no default."""
    if not isinstance(value, ast.Call) or _last(value.func) != "Field":
        return value is None or (isinstance(value, ast.Constant) and value.value is ...)
    first = value.args[0] if value.args else None
    names = {keyword.arg for keyword in value.keywords}
    has_default = first is not None and not (isinstance(first, ast.Constant) and first.value is ...)
    return not has_default and not names & {"default", "default_factory"}


def _called(value: ast.expr | None) -> ast.expr | None:
    return value.func if isinstance(value, ast.Call) else None


def _last(node: ast.expr | None) -> str:
    return dotted(node).rpartition(".")[2] if node is not None else ""
