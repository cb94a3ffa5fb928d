"""Where in the tree of routes an owner has to be named, so that as few places as possible say who answers what.

This is the construction of an optimal routing table (Draves, King, Venkatachary and Zill: Constructing Optimal IP
Routing Tables, 1999), over the segments of paths in place of the bits of addresses: for every node and every owner that
it may have from above, the fewest places below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from decomposer.scaffold.nginx.choosing import EXACT, PREFIX, REGEX, Location
from decomposer.scaffold.nginx.paths import FORMS, REST, WORD, Segment
from decomposer.scaffold.nginx.route_table import SLASH, Answer, Node

Inherited = Answer | None
"""Who answers as the places above have it; None where there are none, and all goes where it went."""
AT, PAIR, TEXT, FOLDER, TREE = "at", "pair", "text", "folder", "tree"
"""A place is a node's path alone; with and without a slash at its end; all that begins with its text; all below it;
or the path and all below it."""


@dataclass(frozen=True, slots=True)
class Place:
    """An owner named at a node."""

    kind: str
    node: Node
    answer: Answer

    @property
    def rank(self) -> tuple[tuple[int, str], ...]:
        """Its place among regular expressions: text before parameters, what is longer before what it begins with."""
        ranks = [(1, f"{_wideness(s)}{s.text}") if s.is_form else (0, s.text + "\uffff") for s in self.node.path]
        if self.kind == TEXT:  # after all that begins with it
            return (*ranks[:-1], (0, self.node.path[-1].text + "\uffff\uffff"))
        return (*ranks, (2, {AT: "0", PAIR: "1", FOLDER: "2", TREE: "3"}[self.kind]))

    def as_form(self) -> Location:
        """It as a regular expression."""
        ends = {AT: "$", PAIR: "/?$", TEXT: "", FOLDER: "/", TREE: "(/|$)"}
        return Location(REGEX, f"^{self.node.form}{ends[self.kind]}", self.answer, rank=self.rank)

    def as_location(self) -> Location:
        """It as nginx finds it fastest."""
        if not self.node.is_literal or self.kind in (PAIR, TREE):
            return self.as_form()
        if self.kind == AT:
            return Location(EXACT, self.node.text or "/", self.answer)
        return Location(PREFIX, self.node.text + ("/" if self.kind == FOLDER else ""), self.answer)


def _wideness(segment: Segment) -> int:
    """What orders the forms of segments: any two that match one text differ in it."""
    return {REST: 3, WORD: 2, Segment(FORMS["float"], True): 1}.get(segment, 0)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The best for a part of the tree: so many places, so many of them regular expressions, and which."""

    places: int = 0
    forms: int = 0
    made: tuple[Place, ...] = ()
    parts: tuple[_Choice, ...] = ()

    @property
    def cost(self) -> tuple[int, int]:
        return self.places, self.forms

    def flat(self) -> Iterator[Place]:
        yield from self.made
        for part in self.parts:
            yield from part.flat()


def _together(made: Sequence[Place], parts: Iterable[_Choice]) -> _Choice:
    kept = tuple(part for part in parts if part.places)
    forms = sum(place.as_location().kind == REGEX for place in made)
    return _Choice(len(made) + sum(part.places for part in kept), forms + sum(part.forms for part in kept),
                   tuple(made), kept)  # fmt: skip


def places(root: Node) -> list[Place]:
    """The fewest places that give every path of the tree to its owner."""
    return list(_Placing().inside(root, None, at_root=True).flat())


def holds(inherited: Inherited, answer: Answer | None) -> bool:
    """Whether what a path has from above is what it is to have."""
    return answer is None or answer == inherited or (inherited is None and answer.owners() == {""})


def candidates(node: Node, below: bool = False) -> list[Answer]:
    """Whose all of a node that is not named may be, or all below it: to him goes what is new there.

    That is whoever answers any path there; else the owner of most of what is known. Where contexts merely meet below a
    folder that is nobody's path he has to own three quarters: else what is new there stays with the monolith.
    """
    any_path = (node.children.get(segment) for segment in (REST, WORD))
    found = [child.own for child in any_path if child is not None and child.own is not None]
    counted = Counter(n.own for n in node.all() if n.known and n.own is not None and not (below and n is node))
    if counted:
        answer, count = counted.most_common(1)[0]
        total = counted.total()
        if 2 * count > total if node.known else 4 * count >= 3 * total:
            found.append(answer)
    return list(dict.fromkeys(found))


class _Placing:
    """The best choice for nodes and what they inherit, each found once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, Inherited], _Choice] = {}
        self.counted: dict[tuple[int, bool], list[Answer]] = {}

    def candidates(self, node: Node, below: bool = False) -> list[Answer]:
        """Whose all of a node may be, found once."""
        key = (id(node), below)
        if key not in self.counted:
            self.counted[key] = candidates(node, below)
        return self.counted[key]

    def node(self, node: Node, inherited: Inherited, beside: Sequence[Node] = (), parent: Node | None = None
             ) -> _Choice:  # fmt: skip
        """The best for a node and what is below it; and for those `beside` it whose text begins with its text."""
        key = (id(node), inherited)
        if key not in self.known:
            options = self.options(node, inherited, beside, parent)
            self.known[key] = min(options, key=lambda choice: choice.cost)
        return self.known[key]

    def options(
        self, node: Node, inherited: Inherited, beside: Sequence[Node], parent: Node | None
    ) -> Iterator[_Choice]:  # fmt: skip
        """Nothing at this node, a place for it and all below it, or for all that begins with its text."""
        yield _together((), [self.inside(node, inherited), *self.beside(beside, inherited, parent)])
        forms = [child for child in parent.children.values() if child.path[-1].is_form] if parent is not None else []
        for answer in self.candidates(node):
            inside = self.inside(node, answer)
            yield _together([Place(TREE, node, answer)], [inside, *self.beside(beside, inherited, parent)])
            if node.is_literal and all(holds(answer, below.own) for form in forms for below in form.all()):
                yield _together([Place(TEXT, node, answer)], [inside, *self.beside(beside, answer, parent)])

    def inside(self, node: Node, inherited: Inherited, at_root: bool = False) -> _Choice:
        """The best for a node's own path and what is below it, when it inherits this."""
        rest = node.children.get(REST)
        slash = node.slash()
        answers: list[Inherited] = [inherited]
        if not at_root or rest is not None:
            answers += [answer for answer in self.candidates(node, below=True) if answer != inherited]
        options = []
        for below in answers:
            if rest is not None and not holds(below, rest.own):
                continue
            made = [Place(FOLDER, node, below)] if below is not inherited and below is not None else []
            made += self.alone(node, slash, inherited, below)
            options.append(_together(made, self.below(node, below)))
        return min(options, key=lambda choice: choice.cost)

    def alone(self, node: Node, slash: Node | None, inherited: Inherited, below: Inherited) -> list[Place]:
        """The places for a node's path by itself, without and with a slash at its end."""
        wrong = not holds(inherited, node.own)
        slash_wrong = slash is not None and not holds(below, slash.own)
        if wrong and slash is not None and slash_wrong and node.own == slash.own:
            return [Place(PAIR, node, node.own)] if node.own is not None else []
        made = [Place(AT, node, node.own)] if wrong and node.own is not None else []
        return [*made, Place(AT, slash, slash.own)] if slash_wrong and slash and slash.own is not None else made

    def below(self, node: Node, inherited: Inherited) -> Iterator[_Choice]:
        """The best for each of the nodes below."""
        children = [child for segment, child in node.children.items() if segment not in (SLASH, REST)]
        yield from self.beside(children, inherited, node)

    def beside(self, nodes: Sequence[Node], inherited: Inherited, parent: Node | None) -> Iterator[_Choice]:
        """The best for each of some nodes in one folder, those that begin with another's text being that one's."""
        texts = sorted((node for node in nodes if node.is_literal), key=lambda node: node.path[-1].text)
        yield from (self.node(node, inherited) for node in nodes if not node.is_literal)
        number = 0
        while number < len(texts):
            first = texts[number]
            end = number + 1
            while end < len(texts) and texts[end].path[-1].text.startswith(first.path[-1].text):
                end += 1
            yield self.node(first, inherited, texts[number + 1 : end], parent)
            number = end

