"""What one file says, as values that depend on its bytes alone and so can be cached by content hash.

They are `msgspec` structs instead of dataclasses: the facts of a hundred thousand lines are read back in
milliseconds (see docs/decisions/0001-facts-are-msgspec-structs.md). Lines are where the *statement* begins.
"""

from __future__ import annotations

from msgspec import Struct


class Value(Struct, frozen=True, array_like=True, gc=False):
    """Base of all cached values: frozen, without garbage-collector overhead, written as arrays."""


class Import(Value, frozen=True):
    """One imported module or, of a `from` statement, all names taken from it.

    `kind` is load, lazy, typing or optional. For `import a.b as c`: `names == (("a.b", "c"),)` and
    `is_from` is false; without `as` the bound name is the first part. `scope` is the qualified name of the
    function or class around it, "" for the module.
    """

    line: int
    kind: str
    scope: str
    is_from: bool
    level: int
    module: str
    names: tuple[tuple[str, str], ...]


class Definition(Value, frozen=True):
    """One function, method or class: qualified name, kind (function or class), lines, dotted base names."""

    name: str
    kind: str
    line: int
    end_line: int
    bases: tuple[str, ...] = ()


class Use(Value, frozen=True):
    """A dotted name whose first part is an import or a top-level definition, used inside `scope`.

    `role` is "call", "depends" (the argument of FastAPI's `Depends`), "base", or "" for any other use.
    """

    line: int
    scope: str
    name: str
    role: str = ""


class Text(Value, frozen=True):
    """A string that may name a module, table or class; `role` is the call or keyword it was given to."""

    line: int
    scope: str
    value: str
    role: str = ""


class Dynamic(Value, frozen=True):
    """`import_module(...)` or `__import__(...)`: the literal module, or "" when it is computed.

    `package` is the second argument as written (`__name__`, `__package__`, a quoted literal as its value).
    """

    line: int
    scope: str
    module: str
    package: str = ""


class RouteEvent(Value, frozen=True):
    """One step in how routes come about, in source order; see `decomposer.graph.serving` for its meaning.

    `action` is router, route, include, mount, call, alias, list, parameters, return, loop or end. `target` is
    the variable that receives or is acted on, `value` the dotted expression, `path` a path template with marked
    names that are to be looked up (see `decomposer.syntax.dotted`), `args` the dotted arguments of a call.
    `methods` are a route's HTTP methods; of a new router the keywords that are None (`docs_url=None` serves no
    documentation); of an include the keywords besides the prefix, such as `dependencies`.
    """

    line: int
    scope: str
    action: str
    target: str = ""
    value: str = ""
    path: str = ""
    methods: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    guard: str = ""


class TableFact(Value, frozen=True):
    """A class that is a database table: its name and what its columns refer to.

    A table without a name of its own is `named_by` its "class" (SQLModel: the name in lower case) or by a
    "base" that makes a name of the class's. `references` are `(kind, text, line)`, kind being foreign_key or
    relationship.
    """

    class_name: str
    line: int
    table: str
    named_by: str = ""
    references: tuple[tuple[str, str, int], ...] = ()


class PythonFacts(Value, frozen=True):
    """Everything that is read from one Python file; `error` says what was not understood ("" for nothing).

    `dynamic_getattr`: the module defines `__getattr__`; `open_namespace`: it fills its own `globals()`.
    """

    lines: int
    error: str = ""
    error_line: int = 0
    reader: str = "ast"
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    bindings: tuple[str, ...] = ()
    exports: tuple[str, ...] | None = None
    uses: tuple[Use, ...] = ()
    texts: tuple[Text, ...] = ()
    dynamics: tuple[Dynamic, ...] = ()
    name_tables: tuple[Text, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    routes: tuple[RouteEvent, ...] = ()
    tables: tuple[TableFact, ...] = ()
    dynamic_getattr: bool = False
    open_namespace: bool = False


class TextFacts(Value, frozen=True):
    """What a file that is not Python says: its lines and the dotted names and paths in it, with their line."""

    lines: int
    error: str = ""
    tokens: tuple[tuple[str, int], ...] = ()
