"""Who owns each table and what crosses, as JSON and as blocks for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from decomposer.owning.tables import Owned
from decomposer.owning.ties import KINDS, Tie
from decomposer.report.blocks import Block, Heading, Table, Text

_HEADINGS = {
    "foreign key": "Foreign keys that cross", "relationship": "Relationships that cross",
    "join": "Queries of tables of several contexts", "query": "Queries of another context's table",
    "sql": "Raw SQL about another context's table", "use": "Other uses of another context's table class",
}  # fmt: skip


def data_document(owned: Iterable[Owned], ties: Iterable[Tie], wanted: Sequence[str]) -> dict[str, Any]:
    """The tables and ties of all contexts, or of those wanted, with stable keys."""
    tables = [one for one in owned if not wanted or one.owner in wanted]
    kept = {tie for tie in ties if not wanted or {tie.context, *tie.contexts} & set(wanted)}
    order = sorted(kept, key=lambda tie: (KINDS.index(tie.kind), tie.path, tie.line, tie.tables, tie.shown))
    return {
        "version": 1,
        "tables": [
            {"name": one.table.name, "context": one.owner, "leaves_with": "core" if one.is_shared else one.owner,
             "module": one.table.module, "class": one.table.class_name, "path": one.table.path, "line": one.table.line,
             "in_sql": one.is_created,
             "used_by": [user for user in one.users if user != one.owner]}
            for one in sorted(tables, key=lambda one: (one.owner == "", one.owner, one.table.name, one.table.path))
        ],
        "ties": [msgspec.to_builtins(tie) for tie in order],
    }  # fmt: skip


def data_blocks(document: dict[str, Any]) -> list[Block]:
    """The tables by context, then what crosses, kind by kind."""
    return list(_blocks(document))


def _blocks(document: dict[str, Any]) -> Iterator[Block]:
    tables, ties = document["tables"], document["ties"]
    yield Heading("Tables by context")
    if not tables:
        yield Text("There are none.")
        return
    yield Table(("context", "table", "declared in", "leaves with", "also used by"), tuple(
        (one["context"] or "(nobody)", one["name"], f"{one['path']}:{one['line']}{' (SQL)' * one['in_sql']}",
         one["leaves_with"] or "-", ", ".join(one["used_by"]) or "-")
        for one in tables
    ))  # fmt: skip
    for kind in KINDS:
        rows = tuple(_row(tie) for tie in ties if tie["kind"] == kind)
        if rows:
            yield Heading(f"{_HEADINGS[kind]} ({len(rows)})")
            yield Table(("at", "from", "to", "what", "to part the data", "class"), rows)
    if any(tie["is_shared"] for tie in ties):
        yield Text("Where the core has the class it runs as it is: both have it, in one database.")
    nobodys = [one for one in tables if not one["context"] and one["used_by"]]
    if nobodys:
        names = ", ".join(one["name"] for one in nobodys)
        yield Text(f"Nobody owns {names}: what crosses to them is told when somebody does.", "warning")
    elif not ties:
        yield Text("Nothing crosses from one context's tables to another's.", "good")
    elif any(tie["writes"] for tie in ties):
        count = sum(tie["writes"] for tie in ties)
        yield Text(f"{count} of them {'changes' if count == 1 else 'change'} a table that another context owns.", "bad")


def _row(tie: dict[str, Any]) -> tuple[str, ...]:
    return (f"{tie['path']}:{tie['line']}", tie["context"] or "(nobody)", ", ".join(tie["contexts"]), tie["shown"],
            tie["needs"], "in the core" if tie["is_shared"] else "the owner's" if tie["has_class"] else "none"
            )  # fmt: skip
