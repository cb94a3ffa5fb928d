"""Tables that modules create with SQL of their own, and no class declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from decomposer.assigning.owners import Assignment
from decomposer.model.edges import Graph, Table
from decomposer.model.queries import HOLE
from decomposer.owning.sql import created_names
from decomposer.syntax.queries import read_queries

_CREATES = re.compile(rb"\b(?:create|rename)\b", re.IGNORECASE)
"""What a file says somewhere that creates a table: others need not be read for it."""


def created_tables(
    graph: Graph, assignment: Assignment, modules: Mapping[str, str], read: Callable[[str], bytes | None]
) -> list[Table]:
    """These tables, without a class; the graph has the others, and `modules` are the names by path.

    What a class declares is that one. What two modules of one context create is the first one's: it says
    `IF NOT EXISTS` wherever it may be missing.
    """
    declared = {name.lower() for table in graph.tables for name in (table.name, table.name.rpartition(".")[2])}
    found: dict[tuple[str, str], Table] = {}
    for path, module in sorted(modules.items()):
        source = read(path) or b""
        try:
            queries = read_queries(source) if _CREATES.search(source) else []
        except (SyntaxError, ValueError, RecursionError):
            continue  # told already, by what reads facts
        for query in queries:
            for name in created_names(query.text):
                if name.lower() not in declared and HOLE not in name:
                    key = assignment.context(path), name.lower()
                    found.setdefault(key, Table(name, module, "", path, query.line))
    return [*found.values()]
