"""Types whose values look alike when they are written down: which one it was has to be written with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from decomposer.model.signatures import Type

Meaning = Callable[[str], tuple[str, str]]
"""What a dotted name means: its full name, and the module of ours that defines it, "" for none."""

_TEXTS = frozenset({
    "str", "bytes", "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta", "decimal.Decimal",
    "uuid.UUID", "pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "pydantic.HttpUrl", "pydantic.AnyUrl",
    "pydantic.AnyHttpUrl",
})  # fmt: skip
_LISTS = frozenset({"list", "set", "frozenset", "tuple", "deque", "List", "Set", "FrozenSet", "Tuple", "Deque",
                    "Sequence"})  # fmt: skip
_MAPPINGS = frozenset({"dict", "Dict", "Mapping"})
_KEYS = frozenset({"str", "int", "float", "bool", "datetime.datetime", "datetime.date", "datetime.time",
                   "decimal.Decimal", "uuid.UUID", "typing.LiteralString"})  # fmt: skip
_PACKED = frozenset({
    "None", "bool", "int", "float", "str", "bytes", "datetime.datetime", "datetime.date", "datetime.time",
    "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "list", "dict", "set", "frozenset", "tuple", "typing.List",
    "typing.Dict", "typing.Set", "typing.FrozenSet", "typing.Tuple", "typing.Optional", "typing.Union", "typing.Any",
    "object", "typing.Sequence", "typing.Mapping", "collections.abc.Sequence", "collections.abc.Mapping", "|", "...",
})  # fmt: skip
"""What is packed with what it is: see `pack` in the template `internal_calls.py.j2`."""


def is_mixed(type: Type, meaning: Meaning) -> bool:
    """Whether JSON alone does not tell a value's type: members of a union that look alike, or keys that are no text."""
    name, where = meaning(type.name)
    last = name.rpartition(".")[2]
    if where:
        return False
    if name in ("|", "typing.Union"):
        names = [meaning(one.name)[0] for one in type.arguments]
        return len(_TEXTS.intersection(names)) > 1 or len({_list(name) for name in names} - {""}) > 1
    if last in _MAPPINGS and type.arguments:
        key, inside = meaning(type.arguments[0].name)
        return not inside and key not in _KEYS and key.rpartition(".")[2] != "Literal"
    return False


def is_packed(type: Type, meaning: Meaning) -> bool:
    """Whether values of a type, and all in them, can be written down with what they are."""
    name, where = meaning(type.name)
    return not where and name in _PACKED and all(_packed(type.arguments, meaning))


def _packed(types: Iterable[Type], meaning: Meaning) -> Iterable[bool]:
    return (is_packed(one, meaning) for one in types)


def _list(name: str) -> str:
    last = name.rpartition(".")[2]
    return last.lower() if last in _LISTS else ""
