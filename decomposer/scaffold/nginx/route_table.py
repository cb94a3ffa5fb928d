"""Who answers which path: the operations as a tree of segments, in which the first route that matches has its say.

The tree is closed: below a literal segment stand the routes with a parameter there too. So whoever walks it and takes
the most specific child at every step never has to turn back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from decomposer.scaffold.nginx.paths import FORMS, REST, WORD, Segment, segments
from decomposer.scaffold.system import Operation

WEBSOCKET, MOUNT = "WEBSOCKET", "MOUNT"
MOST = 20_000
"""A tree of more nodes than this is not made."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers the requests of a path: `owner`, and for some methods another one ("" is the monolith).

    `rules` are directives that hold for it today, which must go on holding.
    """

    owner: str
    methods: tuple[tuple[str, str], ...] = ()
    rules: tuple[str, ...] = ()

    def of(self, method: str) -> str:
        """The owner of a method's requests."""
        return dict(self.methods).get(method, self.owner)

    def owners(self) -> set[str]:
        """All owners that there are."""
        return {self.owner, *(owner for _, owner in self.methods)}


MONOLITH = Answer("")


@dataclass(slots=True, eq=False)
class Node:
    """A place in the tree: what answers at exactly this path, and at those below it.

    `own` is None where no route ends; `known` says that one does, so that it is no mere redirect to the path with, or
    without, a slash at its end. `takes_websockets` and `takes_http` are about exactly this path.
    """

    path: tuple[Segment, ...]
    own: Answer | None = None
    known: bool = False
    takes_websockets: bool = False
    takes_http: bool = False
    children: dict[Segment, Node] = field(default_factory=dict)

    @property
    def is_literal(self) -> bool:
        """Whether it is one path and no form of paths."""
        return not any(segment.is_form for segment in self.path)

    @property
    def text(self) -> str:
        """The path, of a literal node."""
        return "".join(f"/{segment.text}" for segment in self.path)

    @property
    def form(self) -> str:
        """The regular expression of its paths, without ends."""
        return "".join(f"/{segment.form}" for segment in self.path)

    def slash(self) -> Node | None:
        """The same path with a slash at its end."""
        return self.children.get(SLASH)

    def all(self) -> Iterator[Node]:
        """It and all nodes below it."""
        yield self
        for child in self.children.values():
            yield from child.all()


SLASH = Segment("")
Rules = Callable[[str], tuple[str, ...] | None]
"""The directives that hold today for a path, None for one that somebody else than the monolith answers."""


def table(operations: Sequence[Operation], served: Iterable[str], rules: Rules = lambda _: ()) -> Node:
    """The tree of all operations; those of contexts that are not among the served ones are the monolith's.

    Raises ValueError where no such tree can be made.
    """
    left = set(served)
    routes = []
    for operation in sorted(operations, key=lambda operation: operation.order):
        path = segments(operation.path)
        if operation.method == MOUNT:
            path = (*(path[:-1] if path[-1] == SLASH else path), REST)
        routes.append((path, operation))
    growing = _Growing(left, rules)
    root = growing.node((), routes, [])
    _add_redirects(root, rules)
    return root


Routes = list[tuple[tuple[Segment, ...], Operation]]


class _Growing:
    """Makes the nodes and counts them."""

    def __init__(self, served: set[str], rules: Rules) -> None:
        self.served, self.rules, self.made = served, rules, 0

    def node(self, path: tuple[Segment, ...], routes: Routes, over: list[Operation]) -> Node:
        """The node of a path: `routes` are those that lead through it with what is left of them.

        `over` are those that take everything below some place above it.
        """
        self.made += 1
        if self.made > MOST:
            raise ValueError("routes overlap in too many ways")
        node = Node(path)
        ending = [route for left, route in routes if not left]
        if path and path[-1] == REST:
            self.ends(node, ending)
            return node
        rest = [route for left, route in routes if left and left[0] == REST]
        ending = sorted([*ending, *over], key=lambda route: route.order)
        if ending:
            self.ends(node, ending)
        below = sorted([*over, *rest], key=lambda route: route.order)
        firsts = list(dict.fromkeys(left[0] for left, _ in routes if left and left[0] != REST))
        is_slash = bool(path) and path[-1] == SLASH
        if below and SLASH not in firsts and not is_slash:
            firsts.append(SLASH)
        for first in sorted(firsts, key=_rank):
            through = [(left[1:], route) for left, route in routes if left and left[0].covers(first)]
            node.children[first] = self.node((*path, first), through, below)
        if below and not (is_slash and not rest):
            node.children[REST] = self.node((*path, REST), [((), route) for route in below], [])
        return node

    def ends(self, node: Node, routes: Sequence[Operation]) -> None:
        """Notes what answers at a node itself."""
        rules = self.rules(witness(node.path))
        node.own, node.known = self.answer(routes, rules) if rules is not None else None, True
        node.takes_websockets = any(route.method in (WEBSOCKET, MOUNT) for route in routes)
        node.takes_http = any(route.method != WEBSOCKET for route in routes)

    def answer(self, routes: Sequence[Operation], rules: tuple[str, ...]) -> Answer:
        """Who answers, of the routes that match, in their order."""
        def owner(route: Operation) -> str:
            return route.context if route.context in self.served else ""

        http = [route for route in routes if route.method != WEBSOCKET]
        sockets = [route for route in routes if route.method in (WEBSOCKET, MOUNT)]
        mounted = next((route for route in http if route.method == MOUNT), None)
        usual = mounted or (http or sockets)[0]
        methods: dict[str, str] = {}
        for route in http:
            if mounted is None or route.order < mounted.order:
                methods.setdefault(route.method, owner(route))
        if sockets:
            methods[WEBSOCKET] = owner(sockets[0])
        other = {method: name for method, name in methods.items() if name != owner(usual)}
        return Answer(owner(usual), tuple(sorted(other.items())), rules)


def witness(path: Sequence[Segment]) -> str:
    """A path that a node stands for and no more specific one does."""
    samples = {".*": "0-0/0-0", "[0-9]+": "700700", "[^/]+": "0-0"}
    parts = []
    for segment in path:
        text = segment.text
        if segment.is_form:
            text = samples.get(text) or _sample(text)
        parts.append(text)
    return "/" + "/".join(parts)


def _sample(form: str) -> str:
    form = form.replace(FORMS["uuid"], "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a").replace(FORMS["float"], "7.5")
    return form.replace("[^/]+", "0-0").replace("[0-9]+", "700700").replace("\\", "")


def _rank(segment: Segment) -> tuple[bool, bool, bool]:
    """What is tried first: text, then what is not just anything; in the order of the routes otherwise."""
    return segment.is_form, segment == WORD, segment.text == FORMS["float"]


def _add_redirects(node: Node, rules: Rules) -> None:
    """A path that only differs by a slash at its end is redirected, by whoever answers the other one.

    Where other rules hold for it today, it goes where it went.
    """
    for child in list(node.children.values()):
        _add_redirects(child, rules)
    if not node.path or node.path[-1] in (SLASH, REST):
        return
    slash = node.slash()
    if node.own is not None and slash is None:
        slash = Node((*node.path, SLASH))
        node.children = {SLASH: slash, **node.children}
    if slash is not None:
        first, second = (node.own, node.takes_http), (slash.own, slash.takes_http)
        here, there = rules(witness(node.path)), rules(witness(slash.path))
        _redirect(node, here, *second)
        _redirect(slash, there, *first)


def _redirect(
    node: Node, rules: tuple[str, ...] | None, other: Answer | None, takes_http: bool
) -> None:  # fmt: skip
    """Gives a node what it does not answer itself of what the other path answers."""
    if other is None or node.takes_http or rules != other.rules:
        return
    if node.own is None:
        node.own = other
    elif takes_http:  # it only takes websockets
        owner = node.own.owner
        methods = tuple(pair for pair in other.methods if pair[0] != WEBSOCKET)
        node.own = Answer(other.owner, (*methods, (WEBSOCKET, owner)) if owner != other.owner else methods,
                          node.own.rules)  # fmt: skip
