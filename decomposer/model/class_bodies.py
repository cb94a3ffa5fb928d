"""What the body of a class is made of."""

from __future__ import annotations

from decomposer.model.facts import Value


class Piece(Value, frozen=True):
    """One statement in the body of a class, or several on one line: its bytes, and what it has to do with names.

    `start` is where the piece before ends, `code` where its own comments and decorators begin, `end` lies behind its
    last line end. `names` are what it binds in the class, `asks` the names that it looks up while the class is made,
    `says` all that it names anywhere, `uses` the attributes and methods of the object, `above` those of `super()` ("*"
    for any). `registers` says whether a decorator may keep account of what it decorates.
    """

    start: int
    code: int
    end: int
    line: int
    end_line: int
    names: tuple[str, ...]
    asks: frozenset[str]
    says: frozenset[str]
    is_method: bool = False
    uses: frozenset[str] = frozenset()
    above: frozenset[str] = frozenset()
    registers: bool = False

    @property
    def lines(self) -> int:
        """How many lines it has, without those above it."""
        return self.end_line - self.line + 1


class ClassBody(Value, frozen=True):
    """A class at the top level of a module: its bytes, its bases as written and as dotted names, and its pieces.

    `colon` is where its head ends. `document` is its docstring. `head` is how it is made otherwise than plainly, and
    `inside` what in it would not be the same in a base, each with its line.
    """

    name: str
    line: int
    end_line: int
    start: int
    colon: int
    end: int
    bases: bytes
    base_names: tuple[str, ...]
    document: Piece | None
    pieces: tuple[Piece, ...]
    head: tuple[tuple[int, str], ...]
    inside: tuple[tuple[int, str], ...]

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.end_line - self.line + 1
