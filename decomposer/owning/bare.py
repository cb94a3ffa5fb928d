"""Tables that modules declare without a class, as SQLAlchemy's core has them, among those that have one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from decomposer.model.edges import Graph, Table
from decomposer.model.facts import PythonFacts
from decomposer.syntax.tables import read_bare_tables


def with_bare_tables(
    graph: Graph, facts: Mapping[str, PythonFacts], modules: Mapping[str, str], read: Callable[[str], bytes | None]
) -> tuple[Graph, dict[str, PythonFacts]]:
    """The graph and the facts with these tables too, each by what it is bound to; `modules` are the names by path.

    What has the name of a class's table in the same module is that one.
    """
    tables, told = list(graph.tables), dict(facts)
    known = {(table.path, table.name) for table in graph.tables}
    for path, module in sorted(modules.items()):
        found = [one for one in read_bare_tables(read(path) or b"") if (path, one.table) not in known]
        if found and path in told:
            told[path] = replace(told[path], tables=(*told[path].tables, *found))
            tables += [Table(one.table, module, one.class_name, path, one.line, tuple(
                text.rpartition(".")[0] for _, text, _ in one.references)) for one in found]  # fmt: skip
    return replace(graph, tables=tuple(tables)), told
