"""The queries of every file, as ties between the file's context and the owners of the tables that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from decomposer.graph.references import ReferenceLinker
from decomposer.model.facts import PythonFacts
from decomposer.model.problems import Problem
from decomposer.model.queries import HOLE, Query
from decomposer.owning.sql import named_tables
from decomposer.owning.tables import Owned
from decomposer.owning.ties import Tables, Tie, crosses, needs
from decomposer.syntax.queries import read_queries

_SPACE = re.compile(r"\s+")
_SYSTEM = re.compile(r"(?:sqlite_|pg_|pragma_|alembic_version$)", re.IGNORECASE)
"""How the tables begin that a database, or what migrates it, has of its own."""
_NAMED = 8
"""So many of the tables are named that nothing declares."""
_SHOWN = 60
"""How much of a text of SQL is shown."""


class Querying:
    """Finds the ties that queries make."""

    def __init__(self, tables: Tables, linker: ReferenceLinker, names: Mapping[str, str]) -> None:
        """`names` are the modules by path."""
        self.tables, self.linker, self.names = tables, linker, names
        self.queried: set[tuple[str, str, str]] = set()
        """Every table that a function queries: path, scope and table."""
        self.problems: list[Problem] = []
        self.named: dict[str, set[str]] = {}
        """Of each table the contexts whose SQL names it."""
        self.unknown: dict[str, list[tuple[str, int]]] = {}
        """Where SQL names tables that nothing declares, by table."""

    def ties(
        self, path: str, context: str, facts: PythonFacts, read: Callable[[str], bytes | None]
    ) -> Iterator[Tie]:  # fmt: skip
        """The ties of one file of the package; what cannot be read makes none."""
        try:
            queries = read_queries(read(path) or b"")
        except (SyntaxError, ValueError, RecursionError):
            return  # told already, by what reads facts
        means: dict[tuple[str, str], Owned | None] = {}
        for query in queries:
            tie = self._sql(path, context, query) if query.text else self._classes(path, context, query, facts, means)
            if tie is not None:
                yield tie

    def undeclared(self) -> Iterator[Problem]:
        """A warning for all statements that name tables which nothing declares, at the first of them."""
        if not self.unknown:
            return
        places = sorted({place for found in self.unknown.values() for place in found})
        names = sorted(self.unknown, key=lambda name: (-len(self.unknown[name]), name))
        shown = ", ".join(f"{name} ({len(self.unknown[name])})" for name in names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
        count = f"{len(places)} statements name" if len(places) > 1 else "a statement names"
        yield Problem(*places[0], "table-undeclared", f"{count} tables that neither a class nor a CREATE TABLE in the "
                      f"package declares, and nobody's are told: {shown}{more}", severity="warning")  # fmt: skip

    def _classes(
        self, path: str, context: str, query: Query, facts: PythonFacts, means: dict[tuple[str, str], Owned | None]
    ) -> Tie | None:  # fmt: skip
        found: dict[str, Owned] = {}
        for name in query.names:
            key = (query.scope, name)
            if key not in means:
                means[key] = self._meant(path, facts, *key)
            one = means[key]
            if one is not None:
                found[one.table.name] = one
                self.queried.add((path, query.scope, one.table.name))
        others = [one for one in found.values() if crosses(context, one)]
        if not others:
            return None
        kind = "join" if len(found) > 1 else "query"
        shown = f"{kind} of {' and '.join(one.table.class_name for one in found.values())}"
        return _tie(kind, path, query.line, context, list(found.values()), others, shown, False)

    def _sql(self, path: str, context: str, query: Query) -> Tie | None:
        found: dict[str, Owned] = {}
        writes = False
        for named in named_tables(query.text):
            one = self.tables.by_name.get(named.table.lower())
            if one is not None:
                found[one.table.name] = one
                self.named.setdefault(one.table.name, set()).add(context)
                writes = writes or (named.writes and crosses(context, one))
            elif HOLE in named.table:
                self.problems.append(Problem(path, query.line, "table-computed", "the name of a table in SQL is only "
                                             "known when it runs: nobody's tables are told", severity="warning"))
            elif not _SYSTEM.match(named.table) and "information_schema" not in query.text.lower():
                self.unknown.setdefault(named.table, []).append((path, query.line))
        others = [one for one in found.values() if crosses(context, one)]
        if not others:
            return None
        text = _SPACE.sub(" ", query.text.replace(HOLE, "…")).strip()
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        return _tie("sql", path, query.line, context, list(found.values()), others, shown, writes)

    def _meant(self, path: str, facts: PythonFacts, scope: str, name: str) -> Owned | None:
        """The table that a name means there: of the file's own module, or of another."""
        own = self.tables.by_class.get((self.names.get(path, ""), name.partition(".")[0]))
        if own is not None:
            return own
        symbol = self.linker.meant(path, facts, scope, name)
        return None if symbol is None else self.tables.by_class.get((symbol.module, symbol.name.partition(".")[0]))


def _tie(
    kind: str, path: str, line: int, context: str, found: list[Owned], others: list[Owned], shown: str, writes: bool
) -> Tie:  # fmt: skip
    contexts = tuple(sorted({one.owner for one in others}))
    return Tie(kind, path, line, context, tuple(one.table.name for one in found), contexts, shown,
               needs(kind, context, others, writes), all(one.is_shared for one in others), writes,
               not all(one.is_created for one in others))  # fmt: skip
