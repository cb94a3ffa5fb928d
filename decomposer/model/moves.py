"""What is moved: modules by dotted name, files by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from decomposer.model.config import Home

ALIAS = "# decompose: alias of "
"""What the line of an alias module begins with that says where the module is."""


class ModuleMove(Struct, frozen=True):
    """One module or package: its dotted names, and its paths: a file's, or a package's folder."""

    old: str
    new: str
    old_path: str
    new_path: str
    is_package: bool


class MovePlan(Struct, frozen=True):
    """All modules that move at once.

    `source` and `package` are the folder and the top package that the modules leave, `new_source` and `new_package`
    those that they go to. `files` maps the path of every file to its new one; `new_packages` are folders that need
    an `__init__.py`; `replaced` are alias modules of an earlier move which stand where a module goes. Of the
    packages that are `parted` there is a part at the new name, which is what modules that move know. `homes` are
    where modules have gone to before; what lies in the folders `apart` is left alone: it has copies of what it
    names. `parts` are files written besides, each with the one that it is a part of. `readers` are the files that
    move with what they read from their folder.
    """

    moves: tuple[ModuleMove, ...]
    source: str
    package: str
    new_source: str
    new_package: str
    files: Mapping[str, str]
    new_packages: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    parted: Mapping[str, str] = {}
    homes: tuple[Home, ...] = ()
    apart: tuple[str, ...] = ()
    parts: Mapping[str, str] = {}
    readers: frozenset[str] = frozenset()

    def renames(self) -> Renames:
        """Old dotted names to new ones."""
        return Renames((move.old, move.new) for move in self.moves)

    def inner_renames(self, modules: Iterable[str]) -> Renames:
        """Old dotted names to new ones as the files that move see them, where these are all modules."""
        return self.part_renames(modules, self.parted)

    def part_renames(self, modules: Iterable[str], parted: Mapping[str, str]) -> Renames:
        """The same as a part sees them that goes where parts of these others do."""
        moves = self.renames()
        stay = frozenset(module for module in modules if module not in parted and not moves.moved(module))
        return Renames({**parted, **moves.pairs}.items(), stay, frozenset(parted))


class Renames:
    """Which dotted names change, and into what.

    Those that `stay` do not, though a package above them changes; of those that are `parted` there is a part at
    either name.
    """

    def __init__(
        self, pairs: Iterable[tuple[str, str]], stay: frozenset[str] = frozenset(), parted: frozenset[str] = frozenset()
    ) -> None:
        self.pairs = dict(pairs)
        self.stay, self.parted = stay, parted
        self.lasts = frozenset(old.rpartition(".")[2] for old in self.pairs)

    def moved(self, dotted: str) -> str:
        """The moved module that a dotted name is or lies below, the longest one; "" for none."""
        at = dotted
        while at:
            if at in self.pairs:
                return at
            if at in self.stay:
                return ""
            at = at.rpartition(".")[0]
        return ""

    def new(self, dotted: str) -> str:
        """The dotted name after the move; the same for what does not move."""
        old = self.moved(dotted)
        return self.pairs[old] + dotted[len(old) :] if old else dotted
