"""What a module falls into: its top-level statements, and the methods of a class."""

from __future__ import annotations

from decomposer.model.facts import Value


class Unit(Value, frozen=True):
    """One top-level statement, or several on one line: its bytes, and what it has to do with the module's names.

    `start` is where the unit before ends, so that blank lines and comments belong to what they stand above; `code` is
    where its own comments and decorators begin, `end` lies behind its last line end. `kind` is docstring, future,
    import, typing (imports for type checkers), optional (imports that may fail, and constants), exports (`__all__`),
    logger, class, function, value, effect (it defines nothing) or main. `defines` are the names that it binds in the
    module; `uses` are names of the module that it uses anywhere, `loads` those it uses while the module loads. `acts`
    are names of what it changes while the module loads, `rebinds` names that its functions bind anew. An `own` unit
    asks which module it stands in.
    """

    start: int
    code: int
    end: int
    line: int
    end_line: int
    kind: str
    defines: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    loads: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    rebinds: frozenset[str] = frozenset()
    own: bool = False
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    named: tuple[tuple[int, int], ...] = ()
    """Of a logger, where `__name__` stands in it."""
    maybe: frozenset[str] = frozenset()
    """Names that it binds under some condition only."""


class Method(Value, frozen=True):
    """A method of a class: its lines, and the attributes and methods of the object that it names."""

    name: str
    line: int
    end_line: int
    uses: frozenset[str]


class ClassOutline(Value, frozen=True):
    """A class, its lines, and its methods."""

    name: str
    line: int
    end_line: int
    methods: tuple[Method, ...]
