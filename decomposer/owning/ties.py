"""Everything that ties tables of different contexts together, each with its place and what it needs to be parted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from decomposer.model.config import CORE
from decomposer.model.edges import Graph
from decomposer.model.facts import PythonFacts
from decomposer.owning.tables import Owned

KINDS = ("foreign key", "relationship", "join", "query", "sql", "use")
Place = tuple[str, str]
"""A module, and a class in it."""


class Tie(Struct, frozen=True):
    """One thing that crosses: its place, the context whose code or table it is, the tables and whose those are.

    `shown` is what is written there, in short. `needs` is what would part the data; where `is_shared`, nothing is
    needed to run, for the core takes the classes. `writes` says that it changes a table of another context, and
    `has_class` that there is a class of one of the others' tables, which SQL alone may have created.
    """

    kind: str
    path: str
    line: int
    context: str
    tables: tuple[str, ...]
    contexts: tuple[str, ...]
    shown: str
    needs: str
    is_shared: bool = False
    writes: bool = False
    has_class: bool = True


class Tables:
    """Tables by name and by class."""

    def __init__(self, owned: Iterable[Owned]) -> None:
        self.by_name: dict[str, Owned] = {}
        self.by_class: dict[Place, Owned] = {}
        self._by_bare_class: dict[str, Owned] = {}
        for one in owned:
            for name in (one.table.name, one.table.name.rpartition(".")[2]):
                self.by_name.setdefault(name.lower(), one)
            if not one.is_created:
                self.by_class.setdefault((one.table.module, one.table.class_name), one)
                self._by_bare_class.setdefault(one.table.class_name, one)

    def referred(self, kind: str, text: str) -> Owned | None:
        """The table that a foreign key or a relationship means."""
        if kind == "relationship":
            return self._by_bare_class.get(text.rpartition(".")[2])
        return self.by_name.get(text.rpartition(".")[0].rpartition(".")[2].lower())


def declared_ties(tables: Tables, facts: Mapping[str, PythonFacts]) -> Iterator[Tie]:
    """Foreign keys and relationships to a table of another owner."""
    for one in sorted(tables.by_class.values(), key=lambda one: (one.table.path, one.table.line)):
        told = facts.get(one.table.path)
        own = [fact for fact in (told.tables if told else ()) if fact.class_name == one.table.class_name]
        told_of: set[tuple[str, int, str]] = set()  # an annotation names the class again
        for kind, text, line in (reference for fact in own for reference in fact.references):
            target = tables.referred(kind, text)
            if target is None or not crosses(one.owner, target) or (kind, line, target.table.name) in told_of:
                continue
            told_of.add((kind, line, target.table.name))
            kind = kind.replace("_", " ")
            yield Tie(kind, one.table.path, line, one.owner, (one.table.name, target.table.name), (target.owner,),
                      f"{one.table.class_name} -> {text}", needs(kind, one.owner, [target]),
                      target.is_shared)  # fmt: skip


def used_ties(tables: Tables, graph: Graph, context: Mapping[str, str], queried: set[tuple[str, str, str]]) -> (
    Iterator[Tie]
):  # fmt: skip
    """Uses of another owner's class by a function that does not query it: `queried` has path, scope and table."""
    for edge in graph.edges:
        if edge.kind != "call" or not edge.names or not context.get(edge.path):
            continue
        target = tables.by_class.get((edge.target, edge.names[0].partition(".")[0]))
        if target is None or not crosses(context[edge.path], target):
            continue
        if (edge.path, edge.scope, target.table.name) in queried or (edge.source, edge.scope) in tables.by_class:
            continue
        yield Tie("use", edge.path, edge.line, context[edge.path], (target.table.name,), (target.owner,),
                  f"{edge.scope or 'the module'} uses {target.table.class_name}",
                  needs("use", context[edge.path], [target]), target.is_shared)  # fmt: skip


def crosses(context: str, target: Owned) -> bool:
    """Whether a table is another context's; what the core owns is everybody's."""
    return target.owner not in ("", context, CORE)


def needs(kind: str, context: str, targets: list[Owned], writes: bool = False) -> str:
    """What lets a tie be, or takes its place, in a few words."""
    if context == CORE and not all(one.is_shared for one in targets):
        return "the table in the core too, which may not depend on a context"
    if writes:
        return "an operation of the owner's that writes"
    return {
        "foreign key": "an id without the constraint",
        "relationship": "the id alone, and a call for the rest",
        "join": "two queries put together by id, or a view of the owner's",
        "query": "a call, or the function moved there",
        "sql": "a call, or a view of the owner's",
        "use": "plain values, or a call",
    }[kind]
