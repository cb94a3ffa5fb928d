"""What a file's references mean before the move and how they are spelled after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from decomposer.model.moves import Renames


@dataclass(frozen=True, slots=True)
class View:
    """One file as the respelling sees it.

    `package` and `new_package` are what its relative imports start from, before and after; "" for a file of no
    package. `is_submodule(base, name)` says whether `from base import name` binds the module `base.name`, `exists`
    whether there is a module of that name, `has_name(module, name)` whether a module has an attribute, `binds_child`
    whether a package's own text imports its submodule of that name. `repaired(line, name)` is the module that an
    import which was broken before evidently meant, "" where it is to be left.
    """

    path: str
    package: str
    new_package: str
    renames: Renames
    is_submodule: Callable[[str, str], bool]
    exists: Callable[[str], bool]
    has_name: Callable[[str, str], bool]
    binds_child: Callable[[str, str], bool]
    repaired: Callable[[int, str], str]
    alias: bool

    def absolute(self, level: int, module: str) -> str | None:
        """The absolute name of an import before the move; None when it climbs above the top package."""
        return absolute(self.package, level, module)

    def spell(self, target: str, level: int, module: str) -> str:
        """How a `from` statement that was written with `level` and `module` names a module after the move.

        What is right as it is written stays so; what was relative stays relative within its top package.
        """
        written = "." * level + module
        if absolute(self.new_package, level, module) == target:
            return written
        if not level or not self.new_package or self.new_package.partition(".")[0] != target.partition(".")[0]:
            return target
        return relative(self.new_package, target)


def absolute(package: str, level: int, module: str) -> str | None:
    """The absolute name of an import in a package; None when it climbs above the top package."""
    if not level:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, module] if module else base)


def relative(package: str, target: str) -> str:
    """The relative name of a module of the same top package, as seen from a package."""
    here, there = package.split("."), target.split(".")
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return "." * (len(here) - common + 1) + ".".join(there[common:])
