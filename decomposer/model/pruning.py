"""What is taken out of a module, and what goes with it."""

from __future__ import annotations

from decomposer.model.facts import Value


class Gone(Value, frozen=True):
    """What is to go from a module.

    `imports` are `(first line of the statement, name that it binds)`, `statements` the lines of whole statements (of a
    decorated one, any of its decorators' will do), `texts` are `(line in the statement, string)` of tables of names,
    `attributes` dotted names (`routers.orders`) of what a package that stays does not have any more.
    `keep` are names that others ask the module for, used or not.
    Of a `hollow` module nothing stays but its imports and `__all__`.
    """

    imports: frozenset[tuple[int, str]] = frozenset()
    statements: frozenset[int] = frozenset()
    keep: frozenset[str] = frozenset()
    hollow: bool = False
    texts: frozenset[tuple[int, str]] = frozenset()
    attributes: frozenset[str] = frozenset()


class Dropped(Value, frozen=True):
    """A statement that goes since it uses a `name` that is gone: its lines, and the first line of its text."""

    line: int
    end_line: int
    text: str
    name: str
