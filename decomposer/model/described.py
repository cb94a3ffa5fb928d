"""What handlers take and answer, and the models of that, as their text says."""

from __future__ import annotations

from decomposer.model.facts import Value
from decomposer.model.signatures import Type


class Handler(Value, frozen=True):
    """A function that answers requests: what it says that it answers, and the types of its parameters.

    `answers` is None where it says nothing; `is_plain` that no decorator says otherwise, so that this is all.
    """

    name: str
    line: int
    answers: Type | None
    takes: tuple[Type, ...]
    is_plain: bool


class Field(Value, frozen=True):
    """A field of a model, and whether it has to be given."""

    name: str
    type: Type
    line: int
    is_needed: bool


class Model(Value, frozen=True):
    """A class with typed fields; `is_plain` says that its schema has these, by their names, and no others."""

    name: str
    line: int
    bases: tuple[str, ...]
    fields: tuple[Field, ...]
    is_plain: bool


class Described(Value, frozen=True):
    """The handlers and models of a module, by name."""

    handlers: dict[str, Handler]
    models: dict[str, Model]
