"""The smallest set of nginx locations that sends every operation of the monolith to its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from decomposer.scaffold.nginx.choosing import EXACT, FIRM, PREFIX, REGEX, Chooser, Location
from decomposer.scaffold.nginx.paths import escaped, segments, whole_form
from decomposer.scaffold.nginx.placing import AT, PAIR, Place, holds, places
from decomposer.scaffold.nginx.route_table import SLASH, WEBSOCKET, Answer, Node, Rules, table, witness
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
    return _Settling(root, existing, rules).settled(places(root))


class _Settling:
    """Places become locations of a server that has some already."""

    def __init__(self, root: Node, existing: Sequence[Location], rules: Rules) -> None:
        self.asked = [(node, witness(node.path)) for node in root.all() if node.own is not None]
        self.existing, self.rules = existing, rules
        kinds = {EXACT: EXACT, PREFIX: PREFIX, FIRM: PREFIX}  # a regular expression may be there twice
        self.taken = {(kinds[one.kind], one.text) for one in existing if one.kind in kinds}
        self.guarded = [(one.text, rules(f"{one.text}0-0")) for one in existing
                        if one.kind in (PREFIX, FIRM) and one.text != "/"]  # fmt: skip

    def settled(self, chosen: list[Place]) -> list[Location]:
        """The locations, with what it takes that each path is found where it is to be found.

        A regular expression goes before prefixes: where it would take what is another's, the prefix becomes one too.
        Where a location that is there takes what is a service's, the path is named by itself.
        """
        forms: set[Place] = set()
        guards: list[Location] = []
        while True:
            made = [place.as_form() if place in forms else place.as_location() for place in chosen]
            ours = [one for one in _in_order([*made, *guards]) if (one.kind, one.text) not in self.taken]
            chooser = Chooser([*ours, *self.existing])
            more = [guard for guard in self.missed(chooser, chosen) if guard not in guards]
            if more:
                guards += more
                continue
            wrong = [(node, path, found) for node, path in self.asked
                     if not holds(_answer(found := chooser.choose(path)), node.own)]  # fmt: skip
            if not wrong:
                return _used(ours, chooser, self.asked, guards)
            by_form = sorted(chosen, key=lambda place: place.rank)
            turned = {place for node, path, found in wrong
                      for place in self.turned(by_form, node, path, found)} - forms
            forms |= turned
            if not turned:
                alone = [place for place in _by_themselves([node for node, *_ in wrong]) if place not in chosen]
                alone = [place for place in alone if not place.node.is_literal] or alone  # they may be enough
                if not alone:  # an exact location that is there has the last word
                    return _used(ours, chooser, self.asked, guards)
                chosen = [*chosen, *alone]

    def turned(self, by_form: list[Place], node: Node, path: str, found: Location | None) -> list[Place]:
        """The prefixes that have to become regular expressions so that a path is found by the right one of them."""
        governing = next((place for place in by_form if place.as_form().covers(path)), None)
        if governing is None or governing.answer != node.own or governing.as_location().kind != PREFIX:
            return []
        if found is not None and found.answer is None and found.kind not in (PREFIX, FIRM):
            return []
        within = governing.as_location().text
        if any(text.startswith(within) and rules is None for text, rules in self.guarded):
            return []
        return [place for place in by_form if place.as_location().kind == PREFIX
                and place.as_location().text.startswith(within)]  # fmt: skip

    def missed(self, chooser: Chooser, chosen: Sequence[Place]) -> Iterator[Location]:
        """What keeps the rules of a location that is there, where a regular expression would go before it."""
        for text, rules in self.guarded:
            for path in (text, f"{text}0-0", *(_within(text, place.node) for place in chosen)):
                found = chooser.choose(path) if path is not None else None
                if found is not None and found.answer is not None and found.kind == REGEX \
                        and rules and found.answer.rules != self.rules(path or ""):  # fmt: skip
                    parts = text.split("/")[1:]
                    rank = (*((0, part + "\uffff") for part in parts[:-1]), (0, parts[-1] + "\uffff\uffff"))
                    yield Location(REGEX, f"^{escaped(text)}", Answer("", rules=rules), rank=rank)
                    break


def _within(text: str, node: Node) -> str | None:
    """A path below a prefix that is one of a node's too, None where there is none."""
    named = segments(text.rstrip("/"))
    if len(named) >= len(node.path) or not all(a.covers(b) for a, b in zip(node.path, named, strict=False)):
        return None
    return witness((*named, *node.path[len(named) :]))


def _by_themselves(nodes: Sequence[Node]) -> Iterator[Place]:
    """Places for nodes alone, one for a path with and without a slash at its end."""
    answers = {node.path: node.own for node in nodes}
    for node in nodes:
        if node.own is None:
            continue
        if node.path[-1:] == (SLASH,) and answers.get(node.path[:-1]) == node.own:
            continue
        both = answers.get((*node.path, SLASH)) == node.own
        yield Place(PAIR if both else AT, node, node.own)


def _answer(location: Location | None) -> Answer | None:
    return None if location is None else location.answer


def _used(
    ours: list[Location], chooser: Chooser, asked: Sequence[tuple[Node, str]], guards: Sequence[Location]
) -> list[Location]:  # fmt: skip
    """The locations that anything is found at, and which of them have to let websockets through."""
    upgrading = dict.fromkeys(guards, False)
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
