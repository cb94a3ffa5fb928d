"""What contexts call of each other, and whether each of it can be called in another process."""

from __future__ import annotations

from msgspec import Struct


class Crossing(Struct, frozen=True):
    """One symbol that a context uses of another's module, and why it cannot be had in another process.

    `kind` is function, method, class, instance, exception, type or constant. `reason` is "" where it can cross; else
    `path` and `line` say what stands in the way, and `change` is the smallest change that would make it possible.
    """

    name: str
    kind: str
    path: str
    line: int
    reason: str = ""
    change: str = ""


class Caught(Struct, frozen=True, order=True):
    """An exception that a module catches around what it calls: the module, its place, and how it writes it."""

    path: str
    line: int
    by: str
    written: str


class Call(Struct, frozen=True):
    """All that a context uses of one module of another: `by` and `line` say where it first needs it.

    `caught` is what it catches around its calls.
    """

    context: str
    module: str
    owner: str
    by: str
    line: int
    symbols: tuple[Crossing, ...]
    caught: tuple[Caught, ...] = ()

    def crosses(self) -> bool:
        """Whether a client can take the module's place."""
        return not any(symbol.reason for symbol in self.symbols)

    def names(self) -> frozenset[str]:
        """The symbols by their names."""
        return frozenset(symbol.name for symbol in self.symbols)
