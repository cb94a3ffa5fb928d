"""Where in a file's bytes the references are: what a respelling needs to know, as values.

All offsets are bytes of the file's text in UTF-8, without a byte order mark; see `decomposer.syntax.bytes_of_text`.
"""

from __future__ import annotations

from decomposer.model.facts import Value

OF_CALL = -2
"""The scope of what is said of a call's result, `__import__("a.b.c").b.c`: the name is then the whole `a.b.c`."""


class Edit(Value, frozen=True, order=True):
    """Bytes from `start` up to `end`, and what stands there afterwards."""

    start: int
    end: int
    text: bytes


class ImportedName(Value, frozen=True):
    """One name of an import statement: as imported, as bound (the first part of `a.b` without `as`), and its place."""

    name: str
    bound: str
    renamed: bool
    start: int
    end: int


class ImportSite(Value, frozen=True):
    """One import statement.

    `module_start` to `module_end` are the dots and the module of a `from` statement. `scope` is the number of the
    scope that it binds its names in. `own_line` says that nothing else but a comment stands on its lines.
    """

    start: int
    end: int
    line: int
    is_from: bool
    level: int
    module: str
    module_start: int
    module_end: int
    names: tuple[ImportedName, ...]
    scope: int
    kind: str
    own_line: bool


class UseSite(Value, frozen=True):
    """A name and its attributes, `a.b.c`, and where each part ends.

    `scope` is the number of the scope that binds the first name, -1 when none in this file does; `imports` are the
    positions of the import statements that bind it there. `inside` is the scope in which it is used. Of a use in an
    f-string (`in_text`) only the whole string's place is known.
    """

    start: int
    ends: tuple[int, ...]
    name: str
    scope: int
    imports: tuple[int, ...]
    inside: int
    in_text: bool = False


class TextSite(Value, frozen=True):
    """A string literal and what stands around it, outermost first.

    `around` has `call:NAME`, `arg:POSITION` or `arg:KEYWORD`, `key` (the literal is a key), `under:KEY` (it is below
    that key of a display), `into:NAME` (it is assigned to that), `of:NAME` (a subscript of that), `annotation`,
    `docstring`, `format` (a part of an f-string, whose place is the whole f-string's), `compare`.
    """

    start: int
    end: int
    line: int
    value: str
    around: tuple[str, ...]


class DecoratorSite(Value, frozen=True):
    """A decorator of a function: its dotted name, its keywords, and where another keyword goes, between what.

    `named` says whether its first argument is a string without a keyword.
    """

    function: str
    name: str
    keywords: tuple[str, ...]
    insert_at: int
    before: str
    after: str
    line: int
    imports: tuple[int, ...]
    named: bool = False


class Sites(Value, frozen=True):
    """All references of one file; `error` says why there are none ("" for nothing wrong).

    `left_out` are the first lines of statements whose references are not known.
    """

    imports: tuple[ImportSite, ...] = ()
    uses: tuple[UseSite, ...] = ()
    texts: tuple[TextSite, ...] = ()
    decorators: tuple[DecoratorSite, ...] = ()
    scopes: tuple[tuple[int, frozenset[str]], ...] = ()
    has_main: bool = False
    left_out: tuple[int, ...] = ()
    error: str = ""
    error_line: int = 0
