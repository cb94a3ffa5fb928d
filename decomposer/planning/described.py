"""A promised OpenAPI document as the code says it now: what the text does not tell stays as it was promised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from decomposer.model.described import Described, Field, Handler, Model
from decomposer.model.signatures import Type
from decomposer.planning.codebase import Codebase
from decomposer.planning.plain_types import Types
from decomposer.syntax.described import read_described

Schema = dict[str, Any]
Place = tuple[str, int]
_PLAIN: Mapping[str, Schema] = {
    "str": {"type": "string"}, "int": {"type": "integer"}, "float": {"type": "number"}, "bool": {"type": "boolean"},
    "None": {"type": "null"}, "datetime.datetime": {"type": "string", "format": "date-time"},
    "datetime.date": {"type": "string", "format": "date"}, "datetime.time": {"type": "string", "format": "time"},
    "uuid.UUID": {"type": "string", "format": "uuid"},
}  # fmt: skip
_LISTS = frozenset({"list", "typing.List", "typing.Sequence", "collections.abc.Sequence"})
_MAPPINGS = frozenset({"dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping"})
_OF_MODELS = frozenset({"pydantic.BaseModel", "sqlmodel.SQLModel"})
_STEP = re.compile(r"\.(\*|[^.\[\s]+)|(\[\])|\s\((anyOf|oneOf|allOf) (\d+)\)")


class Describing:
    """Describes the handlers of a code base; `document` is what was promised, `after` what is then said instead."""

    def __init__(
        self, code: Codebase, types: Types, read: Callable[[str], bytes | None], document: Mapping[str, Any]
    ) -> None:  # fmt: skip
        self.code, self.types, self.read, self.before = code, types, read, document
        self.known: dict[str, Described] = {}
        self.named: Schema = dict(document.get("components", {}).get("schemas", {}))
        self.paths: Schema = {path: dict(item) for path, item in document.get("paths", {}).items()}
        self.places: dict[tuple[str, str], Place] = {}

    @property
    def after(self) -> Schema:
        """The document as far as it has been told."""
        components = {**self.before.get("components", {}), "schemas": self.named}
        return {**self.before, "paths": self.paths, "components": components}

    def tell(self, method: str, path: str, source: str, name: str) -> Place | None:
        """Lets an operation be what its handler says; gives the handler's place, None where it is not understood."""
        module = self.code.modules.name_of.get(source, "")
        handler = self._of(module).handlers.get(name) if module else None
        if handler is None or not handler.is_plain:
            return None
        operation = dict(self.paths[path][method.lower()])
        self.paths[path][method.lower()] = operation
        self._answer(operation, module, handler)
        self._ask(operation, module, handler)
        return source, handler.line

    def place(self, schema: Any, where: str) -> Place | None:
        """Where that stands to which steps from a schema lead (`.items[].price`): a field, or the model without it."""
        model, found = "", None
        for field, _, word, number in _STEP.findall(where):
            model, schema = self._followed(schema, model)
            found = self.places.get((model, field)) or self.places.get((model, "")) if field != "*" else found
            below = schema.get("properties", {}).get(field) if field not in ("", "*") else \
                schema.get("additionalProperties") if field else \
                (schema.get(word) or [{}])[int(number) - 1 : int(number)] if word else schema.get("items")  # fmt: skip
            schema = (below[0] if below else {}) if isinstance(below, list) else below or {}
        return found or self.places.get((self._followed(schema, model)[0], ""))

    def _followed(self, schema: Any, model: str) -> tuple[str, Schema]:
        """A schema with the name that it has, or that of the one in which it stands."""
        name = _reference(schema)
        return (name, self.named.get(name, {})) if name else (model, schema if isinstance(schema, dict) else {})

    def _answer(self, operation: Schema, module: str, handler: Handler) -> None:
        responses = dict(operation.get("responses", {}))
        good = {status: schema for status, one in responses.items()
                if status.startswith("2") and (schema := _json(one)) is not None}  # fmt: skip
        if len(good) != 1 or (handler.answers is not None and handler.answers.name == "None"):
            return
        [(status, promised)] = good.items()
        now = self._met(promised, module, handler.answers) if handler.answers is not None else \
            {key: value for key, value in promised.items() if key == "title"}  # fmt: skip
        responses[status] = _with_json(responses[status], now)
        operation["responses"] = responses

    def _ask(self, operation: Schema, module: str, handler: Handler) -> None:
        body = operation.get("requestBody") or {}
        models = [type for type in handler.takes if self._model(module, type) is not None]
        promised = _json(body)
        if promised is not None and len(models) == 1 and not _reference(promised).startswith("Body_"):
            operation["requestBody"] = _with_json(body, self._met(promised, module, models[0]))

    def _met(self, old: Schema, module: str, type: Type) -> Schema:
        """A promised schema as a type says it now."""
        if type.name == "|":
            return self._either(old, module, type.arguments)
        name, where = self.types.meaning(module, type.name)
        if where:
            return self._own(old, module, type)
        if name in _PLAIN:
            same = old.get("type") == _PLAIN[name]["type"] and old.get("format") == _PLAIN[name].get("format")
            if same and not {"enum", "const"} & old.keys():
                return old
            are_numbers = {name, str(old.get("type"))} in ({"int", "number"}, {"float", "integer"})
            return {**(old if are_numbers else {}), **_PLAIN[name]}
        if name == "typing.Optional" and type.arguments:
            return self._either(old, module, (type.arguments[0], Type("None", (), "None")))
        if name == "typing.Union":
            return self._either(old, module, type.arguments)
        if name in _LISTS and len(type.arguments) == 1:
            items: Schema = {"type": "array"}
            was = old if old.get("type") == "array" else items
            return {**was, "items": self._met(was.get("items", {}), module, type.arguments[0])}
        if name in _MAPPINGS and len(type.arguments) == 2:
            was = old if old.get("type") == "object" else {"type": "object", "additionalProperties": {}}
            inner = was.get("additionalProperties")
            if isinstance(inner, dict) and self._is_certain(module, type.arguments[1]):
                return {**was, "additionalProperties": self._met(inner, module, type.arguments[1])}
            return was
        return old

    def _either(self, old: Schema, module: str, types: Iterable[Type]) -> Schema:
        """One of several types, in their order."""
        members, was = list(types), old.get("anyOf", [])
        if len(was) == len(members):
            return {**old, "anyOf": [self._met(o, module, t) for o, t in zip(was, members, strict=True)]}
        if not all(self._is_certain(module, member) for member in members):
            return old
        return {"anyOf": [self._met({}, module, member) for member in members]}

    def _own(self, old: Schema, module: str, type: Type) -> Schema:
        """A class of the code base: its schema, where it is a model, has the name that it was promised by."""
        found = self._model(module, type)
        if found is None:
            return old
        where, model = found
        promised = _reference(old)
        plain = re.sub(r"-(?:In|Out)put$", "", promised).rpartition("__")[2]
        name = promised if plain == model.name else model.name
        if plain != model.name and (name in self.named or not self._is_plain(where, model)):
            return {"$ref": f"#/components/schemas/{name}"} if name in self.named else old
        if (name, "") not in self.places and self._is_plain(where, model):
            self.places[name, ""] = self.code.path(where), model.line
            self.named[name] = self._fields(name, self.named.get(name, {}), where, model)
        return old if promised == name else {"$ref": f"#/components/schemas/{name}"}

    def _fields(self, name: str, old: Schema, where: str, model: Model) -> Schema:
        was = old if old.get("type", "object") == "object" else {}
        fields = {field.name: (module, field) for module, field in self._all_fields(where, model)}
        for module, field in fields.values():
            self.places[name, field.name] = self.code.path(module), field.line
        before = was.get("properties", {})
        properties = {field.name: self._met(before.get(field.name, {}), module, field.type)
                      for module, field in fields.values()}  # fmt: skip
        needed = [field.name for _, field in fields.values() if field.is_needed]
        return {**was, "type": "object", "properties": properties, "required": needed}

    def _all_fields(self, where: str, model: Model) -> Iterator[tuple[str, Field]]:
        """The fields of a model, those of its bases first, with the module of each."""
        for base in model.bases:
            found = self._model(where, Type(base))
            if found is not None:
                yield from self._all_fields(*found)
        yield from ((where, field) for field in model.fields)

    def _is_plain(self, where: str, model: Model) -> bool:
        """Whether the schema of a model shows its fields, and those of its bases, as their text has them."""
        for base in model.bases:
            name, inside = self.types.meaning(where, base)
            found = self._model(where, Type(base)) if inside else None
            if name not in _OF_MODELS and (found is None or not self._is_plain(*found)):
                return False
        return model.is_plain

    def _model(self, module: str, type: Type) -> tuple[str, Model] | None:
        """The model that a type is, and the module that defines it; None for anything else."""
        name, where = self.types.meaning(module, type.name)
        model = self._of(where).models.get(name.rpartition(".")[2]) if where and not type.arguments else None
        return (where, model) if model is not None and self._is_model(where, model) else None

    def _is_model(self, where: str, model: Model) -> bool:
        for base in model.bases:
            name, inside = self.types.meaning(where, base)
            if name in _OF_MODELS or (inside and (inside, name) != (where, f"{where}.{model.name}")
                                      and self._model(where, Type(base)) is not None):  # fmt: skip
                return True
        return False

    def _is_certain(self, module: str, type: Type) -> bool:
        """Whether all of a type is understood."""
        name, where = self.types.meaning(module, type.name)
        if where:
            found = self._model(module, type)
            return found is not None and self._is_plain(*found)
        inner = all(self._is_certain(module, one) for one in type.arguments)
        return name in _PLAIN or (inner and bool(type.arguments) and name in {
            "|", "typing.Optional", "typing.Union", *_LISTS, *_MAPPINGS})  # fmt: skip

    def _of(self, module: str) -> Described:
        if module not in self.known:
            try:
                self.known[module] = read_described(self.read(self.code.path(module)) or b"")
            except (SyntaxError, ValueError, RecursionError):
                self.known[module] = Described({}, {})
        return self.known[module]


def _reference(schema: Any) -> str:
    """The name of the schema that another one refers to, "" for one that stands for itself."""
    target = schema.get("$ref", "") if isinstance(schema, dict) else ""
    return str(target).rpartition("/")[2]


def _json(described: Any) -> Schema | None:
    """The schema of what is sent or answered as JSON, None where that is not promised."""
    content = described.get("content", {}).get("application/json") if isinstance(described, dict) else None
    schema = content.get("schema") if isinstance(content, dict) else None
    return schema if isinstance(schema, dict) else None


def _with_json(described: Schema, schema: Schema) -> Schema:
    content = described["content"]
    return {**described, "content": {**content, "application/json": {**content["application/json"], "schema": schema}}}
