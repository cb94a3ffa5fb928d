"""How a class that is too long falls into bases: what all of it needs, groups of methods, and what has to stay.

The class keeps its name, and gets the groups for its bases; each group has the first base for its own, in which lies
what is no method, what makes the object, and what several groups call. Every attribute is found where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from msgspec import Struct

from decomposer.graph.algorithms import reach
from decomposer.model.class_bodies import ClassBody, Piece
from decomposer.splitting.companies import Group, Method, calls, companies, crossing

_ABOVE = 5
"""One part in so many of a file is for what stands above a group of methods in its module."""
_SHORT = 8
"""A group of methods with less than one part in so many of a file goes with another one."""
_HELPER = 25
"""Lines; what several groups call goes to their base if it is no longer, or if its name says that it is internal."""
_TOGETHER = frozenset({"__eq__", "__hash__"})
"""A class that defines the first has no second but its own."""


class Division(Struct, frozen=True):
    """Which pieces of a class go where, by number: to the base, to each group, and which stay.

    `across` are calls from one group to another, as names: whoever checks types does not see them.
    """

    body: ClassBody
    base: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    stays: tuple[int, ...]
    across: tuple[tuple[str, str], ...] = ()


class Whole(Struct, frozen=True):
    """A class that cannot be divided, with the line that stands in the way, and why."""

    name: str
    line: int
    why: str


def divide(body: ClassBody, bound: Mapping[str, str], limit: int) -> Division | Whole:
    """How the class is divided; `bound` are names of the module that can be used only where the class stands, and why.

    `limit` is how many lines a file may have.
    """
    hindrances = (*body.head, *body.inside)
    if hindrances:
        return Whole(body.name, *hindrances[0])
    families = _families(body.pieces)
    leads = _class_time(body.pieces, families)
    staying = {name for name, numbers in families.items()
               if any(body.pieces[number].says & {*bound, body.name} for number in numbers)}  # fmt: skip
    based = {name for name, numbers in families.items() if _belongs_below(body.pieces, numbers)}
    based |= {name for user, used in leads for name in (user, used)}
    leaving = {name for family, numbers in families.items() if family not in staying
               for number in numbers for name in body.pieces[number].names}  # fmt: skip
    for name in sorted(based & staying):
        pieces = [body.pieces[number] for number in families[name]]
        if any(name in pair for pair in leads) or any(piece.above & {*leaving, "*"} for piece in pieces):
            told = next(said for piece in pieces for said in sorted(piece.says & {*bound, body.name}))
            return Whole(body.name, pieces[0].line, f"`{name}` can neither stay nor go: it names `{told}`")
    based -= staying
    methods = [_method(name, body.pieces, numbers) for name, numbers in families.items() if name not in based | staying]
    if sum(method.lines for method in methods) <= _room(limit) // 2:
        return Whole(body.name, body.line, _why_so_few(body, bound))
    return _grouped(body, families, methods, (based, staying), limit)


def _room(limit: int) -> int:
    """How many lines a group of methods may have in a file that may have so many."""
    return limit - limit // _ABOVE


def _why_so_few(body: ClassBody, bound: Mapping[str, str]) -> str:
    """What keeps most methods where they are."""
    methods = [piece for piece in body.pieces if piece.is_method]
    names = Counter(name for piece in methods for name in piece.says & {*bound, body.name})
    if not names:
        return "there is too little in methods that could leave it"
    first = min(names, key=lambda name: (-names[name], name))
    count = sum(bool(piece.says & names.keys()) for piece in methods)
    more = f" or {len(names) - 1} more" if len(names) > 1 else ""
    why = bound.get(first, "it is the class itself")
    return f"{count} of {len(methods)} methods use `{first}`{more}, which can be had only where the class stands: {why}"


def _grouped(
    body: ClassBody, families: Mapping[str, list[int]], methods: list[Method], fixed: tuple[set[str], set[str]],
    limit: int,
) -> Division | Whole:  # fmt: skip
    based, staying = fixed
    lines, room = sum(method.lines for method in methods), _room(limit)
    parts = -(-lines // room)
    groups = companies(methods, room if parts == 1 else int(1.25 * lines / parts), room, limit // _SHORT)
    called = calls(methods)
    below = _helpers(body, methods, called, groups, sum(_lines(body, families[name]) for name in based), limit)
    groups = [group - below for group in groups if group - below]
    between = crossing(called, groups)
    total = sum(map(len, called.values()))
    if 2 * len(between) > total:
        return Whole(body.name, body.line, f"its methods do not fall into groups: {len(between)} of {total} calls "
                     "would lead from one to another")  # fmt: skip
    based = based | {methods[number].name for number in below}
    return Division(
        body, _numbers(families, based),
        tuple(_numbers(families, {methods[n].name for n in group}) for group in groups), _numbers(families, staying),
        tuple((methods[a].name, methods[b].name) for a, b in between),
    )  # fmt: skip


def _lines(body: ClassBody, numbers: Collection[int]) -> int:
    """The lines of pieces."""
    return sum(body.pieces[number].lines for number in numbers)


def _families(pieces: tuple[Piece, ...]) -> dict[str, list[int]]:
    """The pieces that cannot be parted, by a name of them, in order: what binds one name, and what is equal to what."""
    home: dict[str, str] = {}
    found: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        names = piece.names or (f"line {piece.line}",)
        joined = sorted({home[name] for name in names if name in home})
        joined += [home[other] for other in _TOGETHER if other in home and _TOGETHER & set(names)]
        first = joined[0] if joined else names[0]
        for other in {*joined} - {first}:
            found[first] += found.pop(other)
            home.update({name: first for name, where in home.items() if where == other})
        found.setdefault(first, []).append(number)
        home.update(dict.fromkeys(names, first))
    return {name: sorted(numbers) for name, numbers in sorted(found.items(), key=lambda item: min(item[1]))}


def _class_time(pieces: tuple[Piece, ...], families: Mapping[str, list[int]]) -> set[tuple[str, str]]:
    """Which family looks up a name of which other one while the class is made."""
    home = {name: family for family, numbers in families.items() for n in numbers for name in pieces[n].names}
    return {(family, home[name]) for family, numbers in families.items() for number in numbers
            for name in pieces[number].asks if home.get(name, family) != family}  # fmt: skip


def _belongs_below(pieces: tuple[Piece, ...], numbers: list[int]) -> bool:
    """Whether pieces are what all methods need: no methods, what Python itself calls, what asks a base of the class."""
    return any(
        not pieces[number].is_method or pieces[number].registers or pieces[number].above
        or all(name.startswith("__") and name.endswith("__") for name in pieces[number].names)
        for number in numbers
    )  # fmt: skip


def _method(name: str, pieces: tuple[Piece, ...], numbers: list[int]) -> Method:
    uses = frozenset(used for number in numbers for used in pieces[number].uses)
    return Method(name, sum(pieces[number].lines + 1 for number in numbers), uses)


def _helpers(
    body: ClassBody, methods: list[Method], called: Mapping[int, set[int]], groups: list[Group], lines: int, limit: int
) -> Group:  # fmt: skip
    """The methods that go to the base with all that they call, since more than one group calls them."""
    home = {number: group for group in groups for number in group}
    users: dict[int, set[Group]] = {}
    for user, useds in called.items():
        for used in useds:
            users.setdefault(used, set()).add(home[user])
    below: set[int] = set()
    for number in sorted(users, key=lambda n: (methods[n].lines, n)):
        if users[number] == {home[number]}:
            continue
        needed = reach([number], called) - below
        if all(methods[n].lines <= _HELPER or methods[n].name.startswith("_") for n in needed):
            more = sum(methods[n].lines for n in needed)
            if lines + more <= _room(limit) // 2:
                below |= needed
                lines += more
    return frozenset(below)


def _numbers(families: Mapping[str, list[int]], names: Collection[str]) -> tuple[int, ...]:
    return tuple(sorted(number for name in names for number in families[name]))
