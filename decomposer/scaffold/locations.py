"""The smallest set of nginx locations that sends every operation of the monolith to its owner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from decomposer.scaffold.choosing import EXACT, PREFIX, REGEX, Chooser, Location
from decomposer.scaffold.paths import whole_form
from decomposer.scaffold.placing import AT, Place, holds, places
from decomposer.scaffold.route_table import WEBSOCKET, Answer, Node, Rules, table, witness
from decomposer.scaffold.system import Operation


def locations(
    operations: Sequence[Operation], served: Iterable[str], existing: Sequence[Location] = (),
    rules: Rules = lambda _: (),
) -> list[Location]:  # fmt: skip
    """The locations for the contexts that have left, in the order in which they are to be written.

    They stand in a server before its `existing` ones, which go on answering what is not named here. `rules` tells the
    directives that hold for a path today.
    """
    served = set(served)
    try:
        root = table(operations, served, rules)
    except ValueError:
        return _one_by_one(operations, served)
    return _settled(root, places(root), existing)


def _settled(root: Node, chosen: list[Place], existing: Sequence[Location]) -> list[Location]:
    """The places as locations, with what it takes that each path is found where it is to be found.

    A regular expression goes before prefixes: where it would take what is another's, the prefix becomes one as well.
    """
    asked = [(node, witness(node.path)) for node in root.all() if node.own is not None]
    forms: set[Place] = set()
    taken = {(location.kind, location.text) for location in existing}
    while True:
        made = [place.as_form() if place in forms else place.as_location() for place in chosen]
        ours = [one for one in _in_order(made) if (one.kind, one.text) not in taken]
        chooser = Chooser([*ours, *existing])
        wrong = [(node, path) for node, path in asked
                 if not holds(_answer(chooser.choose(path)), node.own)]  # fmt: skip
        if not wrong:
            return _used(ours, chooser, asked)
        by_form = sorted(chosen, key=lambda place: place.rank)
        changed = False
        for _, path in wrong:
            governing = next((place for place in by_form if place.as_form().covers(path)), None)
            if governing is not None and governing not in forms and governing.as_location().kind == PREFIX:
                within = governing.as_location().text
                forms |= {place for place in chosen if place.as_location().kind == PREFIX
                          and place.as_location().text.startswith(within)}  # fmt: skip
                changed = True
        if not changed:
            chosen = [*chosen, *(Place(AT, node, node.own) for node, _ in wrong if node.own is not None)]


def _answer(location: Location | None) -> Answer | None:
    return None if location is None else location.answer


def _used(ours: list[Location], chooser: Chooser, asked: Sequence[tuple[Node, str]]) -> list[Location]:
    """The locations that anything is found at, and which of them have to let websockets through."""
    upgrading: dict[Location, bool] = {}
    for node, path in asked:
        found = chooser.choose(path)
        if found is not None and found.answer is not None:
            upgrading[found] = upgrading.get(found, False) or node.takes_websockets
    return [replace(one, takes_websockets=upgrading[one]) for one in ours if one in upgrading]


def _in_order(made: Iterable[Location]) -> list[Location]:
    """Exact ones first, then prefixes, then regular expressions, the first one that matches first."""
    order = {EXACT: 0, PREFIX: 1, REGEX: 2}
    return sorted(dict.fromkeys(made), key=lambda one: (order[one.kind], one.rank, one.text))


def _one_by_one(operations: Sequence[Operation], served: set[str]) -> list[Location]:
    """A regular expression for every path, in the order of the routes: for tables that no tree can be made of."""
    found: dict[str, list[Operation]] = {}
    for operation in sorted(operations, key=lambda operation: operation.order):
        path = operation.path.removesuffix("/") + "/{rest:path}" if operation.method == "MOUNT" else operation.path
        found.setdefault(whole_form(path), []).append(operation)
    made = []
    for number, (form, routes) in enumerate(found.items()):
        owners = {route.method: route.context if route.context in served else "" for route in reversed(routes)}
        usual = next(iter(reversed(owners.values())))
        methods = tuple(sorted((method, owner) for method, owner in owners.items() if owner != usual))
        made.append(Location(REGEX, form, Answer(usual, methods), WEBSOCKET in owners, ((number, ""),)))
    while made and made[-1].answer == Answer(""):
        made.pop()
    return made
