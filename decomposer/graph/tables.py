"""Tables and what refers to them: foreign keys and relationships to the module that owns the table."""

from __future__ import annotations

import re

from decomposer.graph.modules import Modules
from decomposer.model.edges import Edge, Table


def link_tables(modules: Modules) -> tuple[list[Table], list[Edge]]:
    """All tables with the tables they refer to, and a `table` edge for each reference to another module.

    A foreign key is `table.column` or `schema.table.column`; a relationship names a class.
    """
    owners: dict[str, tuple[str, str]] = {}
    classes: dict[str, tuple[str, str]] = {}
    found: list[tuple[str, str, str, str, int, tuple[tuple[str, str, int], ...]]] = []
    for name in sorted(modules.path_of):
        path = modules.path_of[name]
        facts = modules.facts.get(path)
        for fact in facts.tables if facts else ():
            table = fact.table or _default_name(fact.class_name, fact.named_by)
            owners.setdefault(table, (name, fact.class_name))
            if not fact.table:
                owners.setdefault(fact.class_name.lower(), (name, fact.class_name))
            classes.setdefault(fact.class_name, (name, table))
            found.append((table, name, fact.class_name, path, fact.line, fact.references))
    tables: list[Table] = []
    edges: list[Edge] = []
    for table, module, class_name, path, line, references in found:
        refers: dict[str, None] = {}
        for kind, text, at in references:
            if kind == "foreign_key":
                parts = text.split(".")
                target = next((".".join(parts[i:-1]) for i in range(len(parts) - 1)
                               if ".".join(parts[i:-1]) in owners), "")  # fmt: skip
                owner = owners[target][0] if target else ""
            else:
                owner, target = classes.get(text.rpartition(".")[2], ("", ""))
                if not owner:
                    continue  # a class of another package, or one that only looks like a table's
            if not target:
                reason = f"no table has a column `{text}`"
                edges.append(Edge(module, "", "table", path, at, (text,), class_name, reason))
                continue
            if target != table:
                refers[target] = None
            if owner != module:
                edges.append(Edge(module, owner, "table", path, at, (text,), class_name))
        tables.append(Table(table, module, class_name, path, line, tuple(refers)))
    return tables, edges


def _default_name(class_name: str, named_by: str) -> str:
    """The name of a table that does not write one: SQLModel's is the class in lower case, bases mostly snake."""
    if named_by == "class":
        return class_name.lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()
