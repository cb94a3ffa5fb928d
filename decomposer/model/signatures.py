"""What the functions and classes of a module ask for and give back, as their text says."""

from __future__ import annotations

from decomposer.model.facts import Value


class Type(Value, frozen=True):
    """A type as it is written: a dotted name with its arguments; "|" for a union, "" for what is none."""

    name: str
    arguments: tuple[Type, ...] = ()
    text: str = ""


class Parameter(Value, frozen=True):
    """One parameter. `kind` is "position", "any", "keyword", "*" or "**"; `default` its text, "" for none.

    `is_plain` says that the default is a literal. `type` is None where none is written and none is evident.
    """

    name: str
    kind: str
    type: Type | None
    default: str = ""
    is_plain: bool = True


class Function(Value, frozen=True):
    """A function, or a method by its qualified name.

    `yields` is the line at which it becomes a generator, 0 for none; `changes` are the parameters whose value it
    changes in place, and `state` the attributes of `self` that it sets, each with the line. `told` is the first line of
    its docstring.
    """

    name: str
    line: int
    is_async: bool
    parameters: tuple[Parameter, ...]
    returns: Type | None
    decorators: tuple[str, ...] = ()
    yields: int = 0
    changes: tuple[tuple[str, int], ...] = ()
    state: tuple[tuple[str, int], ...] = ()
    told: str = ""


class Class(Value, frozen=True):
    """A class: its bases, fields with types, and the names of its methods.

    `end_line` and `first_line` (that of its first decorator) say where its text is; `is_table` that it is a table;
    `kept` the attributes that its `__init__` takes over from parameters, each with the parameter. `names` are all names
    that its text uses, `told` the first line of its docstring; `made` the fields that its `__init__` does not take,
    with their lines.
    """

    name: str
    line: int
    first_line: int
    end_line: int
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    fields: tuple[tuple[str, Type, int], ...] = ()
    methods: tuple[str, ...] = ()
    is_table: bool = False
    kept: tuple[tuple[str, str], ...] = ()
    names: frozenset[str] = frozenset()
    told: str = ""
    made: tuple[tuple[str, int], ...] = ()


class Signatures(Value, frozen=True):
    """What a module defines at its top level, by name.

    `constants` are literals with their text, `instances` names that are bound to what a class makes, `aliases` other
    names of types. `raised` are the dotted names of exceptions that it raises, with the line.
    """

    functions: dict[str, Function]
    classes: dict[str, Class]
    constants: dict[str, str]
    instances: dict[str, str]
    aliases: dict[str, Type]
    raised: tuple[tuple[str, int], ...] = ()


class Asked(Value, frozen=True):
    """What a module does with a name of another: the attributes that it asks for, and whether that is all.

    `escapes` is the line at which the name, or what it makes, is given away; `special` says what else is done to it
    that only the real thing can do ("is subclassed"), and at which line; both 0 and "" where nothing is.
    """

    attributes: frozenset[str]
    escapes: int = 0
    special: str = ""
    line: int = 0
