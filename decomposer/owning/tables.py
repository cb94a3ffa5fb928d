"""Each table with the context that owns it and those that use it; tables with two owners, or none, are problems."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from msgspec import Struct

from decomposer.assigning.owners import Assignment
from decomposer.model.config import CORE
from decomposer.model.edges import Graph, Table
from decomposer.model.problems import Problem


class Owned(Struct, frozen=True):
    """A table, the context that owns it ("" for nobody), and the contexts whose files use its class.

    `is_shared` says that its module goes to the core, because others need it to load.
    """

    table: Table
    owner: str
    users: tuple[str, ...] = ()
    is_shared: bool = False


def owned_tables(graph: Graph, assignment: Assignment, shared: Container[str]) -> list[Owned]:
    """All tables in order of their names; `shared` are the modules that go to the core."""
    users = table_users(graph, assignment)
    found = []
    for table in sorted(graph.tables, key=lambda one: (one.name, one.path)):
        owner = assignment.context(table.path)
        is_shared = owner == CORE or table.module in shared
        found.append(Owned(table, owner, tuple(users.get(table.name, ())), is_shared))
    return found


def table_users(graph: Graph, assignment: Assignment) -> Mapping[str, list[str]]:
    """The contexts whose files use each table's class, by table."""
    owners = {(table.module, table.class_name): table.name for table in graph.tables}
    users: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.kind == "call" and edge.names:
            table = owners.get((edge.target, edge.names[0].partition(".")[0]))
            context = assignment.context(edge.path)
            if table and context:
                users.setdefault(table, set()).add(context)
    return {name: sorted(found) for name, found in users.items()}


def ownership_problems(owned: Sequence[Owned]) -> Iterator[Problem]:
    """An error for each table that two contexts declare, or that nobody owns; a warning for one declared twice."""
    by_name: dict[str, list[Owned]] = {}
    for one in owned:
        by_name.setdefault(one.table.name, []).append(one)
    for name, declared in by_name.items():
        first = declared[0].table
        owners = sorted({one.owner for one in declared if one.owner})
        places = " and ".join(f"{one.table.path}:{one.table.line}" for one in declared)
        if not owners:
            yield Problem(first.path, first.line, "table-without-owner", f"nobody owns the table {name}",
                          "give its file to a context, with a rule")  # fmt: skip
        elif len(owners) > 1:
            yield Problem(first.path, first.line, "table-with-two-owners", f"{' and '.join(owners)} declare the table "
                          f"{name}: {places}", "keep one of the classes, or give one another `__tablename__`"
                          )  # fmt: skip
        elif len(declared) > 1:
            yield Problem(first.path, first.line, "table-declared-twice", f"the table {name} is declared twice: "
                          f"{places}", "keep one of the classes", "warning")  # fmt: skip
