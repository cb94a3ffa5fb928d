"""Each table with the context that owns it and those that use it; tables with two owners, or none, are problems."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from decomposer.assigning.owners import Assignment
from decomposer.model.config import CORE
from decomposer.model.edges import Graph, Table
from decomposer.model.problems import Problem


class Owned(Struct, frozen=True):
    """A table, the context that owns it ("" for nobody), and the contexts whose files use its class or name it in SQL.

    `is_shared` says that its module goes to the core, because others need it to load. `is_created` says that SQL
    alone declares it: there is no class that anybody would need.
    """

    table: Table
    owner: str
    users: tuple[str, ...] = ()
    is_shared: bool = False
    is_created: bool = False


def owned_tables(
    graph: Graph, assignment: Assignment, shared: Container[str], created: Iterable[Table] = ()
) -> list[Owned]:
    """All tables in order of their names; `shared` are the modules that go to the core, `created` tables of SQL's."""
    users = table_users(graph, assignment)
    found = []
    for table in sorted(graph.tables, key=lambda one: (one.name, one.path)):
        owner = assignment.context(table.path)
        is_shared = owner == CORE or table.module in shared
        found.append(Owned(table, owner, tuple(users.get(table.name, ())), is_shared))
    found += [Owned(table, assignment.context(table.path), is_created=True) for table in created]
    return sorted(found, key=lambda one: (one.table.name, one.table.path))


def with_users(owned: Iterable[Owned], named: Mapping[str, Iterable[str]]) -> list[Owned]:
    """The same with those as users, too, whose SQL names a table: `named` are contexts by table."""
    return [replace(one, users=tuple(sorted({*one.users, *named.get(one.table.name, ())} - {""}))) for one in owned]


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
    created: dict[str, list[Table]] = {}
    for one in owned:
        by_name.setdefault(one.table.name, []).append(one)
    for name, declared in by_name.items():
        first = declared[0].table
        owners = sorted({one.owner for one in declared if one.owner})
        places = " and ".join(f"{one.table.path}:{one.table.line}" for one in declared)
        if not owners and all(one.is_created for one in declared):
            created.setdefault(first.path, []).append(first)
        elif not owners:
            yield Problem(first.path, first.line, "table-without-owner", f"nobody owns the table {name}",
                          "give its file to a context, with a rule")  # fmt: skip
        elif len(owners) > 1:
            yield Problem(first.path, first.line, "table-with-two-owners", f"{' and '.join(owners)} declare the table "
                          f"{name}: {places}", "keep one of the two, or give one another name")  # fmt: skip
        elif len(declared) > 1:
            yield Problem(first.path, first.line, "table-declared-twice", f"the table {name} is declared twice: "
                          f"{places}", "keep one of the classes", "warning")  # fmt: skip
    for path, tables in created.items():
        names = ", ".join(table.name for table in tables)
        told = f"the {len(tables)} tables that are created here" if tables[1:] else "the table that is created here"
        yield Problem(path, min(table.line for table in tables), "table-without-owner", f"nobody owns {told}: {names}",
                      "create each in a module of the context that is to own it, or give the file to one, with a rule"
                      )  # fmt: skip
