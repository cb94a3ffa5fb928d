"""Groups of methods that could leave a class which is too long for a module of its own.

LCOM4 (Hitz and Montazeri, 1995) counts the groups of methods that share no attribute and do not call each other. What
one group still holds together may have parts that have more to do with themselves than with each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from decomposer.graph.algorithms import communities
from decomposer.model.units import ClassOutline, Method

_EVERYBODYS = 0.5
"""An attribute that more than this share of the methods name (a session, a logger) binds none of them together."""


class MethodGroup(Struct, frozen=True):
    """Methods that belong together: their names in order, their lines, the attributes that they share with no other."""

    methods: tuple[str, ...]
    lines: int
    first_line: int
    attributes: tuple[str, ...]


class LargeClass(Struct, frozen=True):
    """A class by name, its first line, its lines, its LCOM4, and the groups that its methods fall into."""

    name: str
    line: int
    lines: int
    lcom4: int
    groups: tuple[MethodGroup, ...]


def large_classes(classes: Iterable[ClassOutline], limit: int) -> tuple[LargeClass, ...]:
    """The classes that have more lines than a module may have."""
    return tuple(
        LargeClass(one.name, one.line, lines, lcom4(one), method_groups(one))
        for one in classes if (lines := one.end_line - one.line + 1) > limit
    )  # fmt: skip


def lcom4(outline: ClassOutline) -> int:
    """How many groups of methods share nothing, `__init__` and the like left out; 0 for a class without methods."""
    methods = _methods(outline)
    names = {method.name for method in methods}
    home = {method.name: {method.name} for method in methods}
    users: dict[str, str] = {}
    for method in methods:
        for used in sorted(method.uses):
            other = used if used in names else users.setdefault(used, method.name)
            if home[other] is not home[method.name]:
                merged = home[other] | home[method.name]
                home.update(dict.fromkeys(merged, merged))
    return len({id(group) for group in home.values()})


def method_groups(outline: ClassOutline) -> tuple[MethodGroup, ...]:
    """The groups that the methods fall into by what they share, the longest first; one for a class of one piece."""
    methods = _methods(outline)
    names = {method.name for method in methods}
    counts: dict[str, int] = {}
    for method in methods:
        for used in method.uses - names:
            counts[used] = counts.get(used, 0) + 1
    telling = {used for used, count in counts.items() if count <= max(2, _EVERYBODYS * len(methods))}
    weights: dict[tuple[str, str], int] = {}
    for position, one in enumerate(methods):
        for other in methods[position + 1 :]:
            shared = len(one.uses & other.uses & telling)
            shared += 2 * ((other.name in one.uses) + (one.name in other.uses))
            if shared and one.name != other.name:
                weights[one.name, other.name] = shared
    found = []
    for group in communities(weights, names):
        inside = [method for method in methods if method.name in group]
        outside = {used for method in outline.methods if method.name not in group and not _is_special(method)
                   for used in method.uses}  # fmt: skip
        own = sorted({used for method in inside for used in method.uses} - outside - names)
        lines = sum(method.end_line - method.line + 1 for method in inside)
        found.append(MethodGroup(tuple(m.name for m in inside), lines, inside[0].line, tuple(own)))
    return tuple(sorted(found, key=lambda group: (-group.lines, group.first_line)))


def _methods(outline: ClassOutline) -> list[Method]:
    return [method for method in outline.methods if not _is_special(method)]


def _is_special(method: Method) -> bool:
    return method.name.startswith("__") and method.name.endswith("__")
