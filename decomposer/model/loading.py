"""What a module does while it is being loaded, in order, as far as imports and names go."""

from __future__ import annotations

from typing import TypeAlias

from decomposer.model.facts import Value


class LoadModule(Value, frozen=True, tag=True):
    """`import a.b.c [as k]`: `bound` is the name it binds ("" for none), `renamed` says that it has an `as`."""

    line: int
    module: str
    bound: str = ""
    renamed: bool = False
    level: int = 0


class LoadNames(Value, frozen=True, tag=True):
    """`from ..module import name as bound, ...`; a bound name of "" is not a name of the module's own."""

    line: int
    level: int
    module: str
    names: tuple[tuple[str, str], ...]


class LoadStar(Value, frozen=True, tag=True):
    """`from ..module import *`."""

    line: int
    level: int
    module: str


class Bind(Value, frozen=True, tag=True):
    """Names that are bound to something that is not known to be a module."""

    names: tuple[str, ...]


class Alias(Value, frozen=True, tag=True):
    """`name = a.b`: the name is bound to whatever the dotted name stands for."""

    name: str
    value: str


class Unbind(Value, frozen=True, tag=True):
    """`del names`."""

    names: tuple[str, ...]


class Need(Value, frozen=True, tag=True):
    """A dotted name that is looked up while the module loads."""

    line: int
    name: str


class Exports(Value, frozen=True, tag=True):
    """`__all__` is set, or added to; `names` is None when they are computed."""

    names: tuple[str, ...] | None
    adds: bool = False


class Open(Value, frozen=True, tag=True):
    """From here on the module may have names that its text does not show."""


class Replace(Value, frozen=True, tag=True):
    """`sys.modules[__name__] = value`: importers are handed something else."""

    value: str


class Raise(Value, frozen=True, tag=True):
    """An exception is raised; inside a handler that is how a failed import stays failed."""


class Branch(Value, frozen=True, tag=True):
    """One of several blocks runs, which is not known; `names` are all names that any of them binds."""

    blocks: tuple[Block, ...]
    names: tuple[str, ...]


class Handler(Value, frozen=True, tag=True):
    """An `except`: the last parts of the exceptions' names, () for all, and what is done then."""

    catches: tuple[str, ...]
    body: Block


class Try(Value, frozen=True, tag=True):
    """A `try`; `names` are those that its handlers bind."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block
    names: tuple[str, ...]


LoadStep: TypeAlias = (
    LoadModule | LoadNames | LoadStar | Bind | Alias | Unbind | Need | Exports | Open | Replace | Raise | Branch | Try
)
Block: TypeAlias = tuple[LoadStep, ...]


class LoadScript(Value, frozen=True):
    """All steps of a module in the order in which they run, and every name that any of them may bind.

    `stars` are the `(level, module)` of its star imports, whose names are not among `names`.
    """

    steps: Block
    names: frozenset[str]
    stars: tuple[tuple[int, str], ...] = ()
