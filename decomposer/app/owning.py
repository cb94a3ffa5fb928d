"""Who owns the data: the command `data`, wired together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from decomposer.app.extracting import must_be_known
from decomposer.app.options import Options
from decomposer.app.reading import analysis, calling_of
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.app.reading import Analysis
    from decomposer.assigning.owners import Assignment
    from decomposer.model.problems import Problem


def data(options: Options, contexts: tuple[str, ...]) -> tuple[dict[str, Any], list[Problem]]:
    """The tables and their ties as a document (see `decomposer.report.owning`), and what is wrong with them.

    Raises DecomposerError for a context that there is not.
    """
    from decomposer.graph.references import ReferenceLinker
    from decomposer.owning.bare import with_bare_tables
    from decomposer.owning.created import created_tables
    from decomposer.owning.queries import Querying
    from decomposer.owning.tables import owned_tables, ownership_problems, with_users
    from decomposer.owning.ties import Tables, declared_ties, used_ties
    from decomposer.report.owning import data_document

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    must_be_known(found, contexts)
    calling = calling_of(found, listing, [context.name for context in found.rule_set.contexts])
    read = disk.reader(listing.root)
    modules = {node.path: node.name for node in found.graph.nodes if node.role in ("module", "package")}
    graph, facts = with_bare_tables(found.graph, found.repository.python, modules, read)
    assignment = _as_ruled(found)
    created = created_tables(graph, assignment, modules, read)
    shared = {*calling.core, *filter(calling.code.in_core, calling.code.modules.path_of)}
    owned = owned_tables(graph, assignment, shared, created)
    tables = Tables(owned)
    querying = Querying(tables, ReferenceLinker(calling.code.symbols), modules)
    owners = {path: assignment.context(path) for path in modules}
    ties = list(declared_ties(tables, facts))
    for path in sorted(modules):
        ties += querying.ties(path, owners[path], facts[path], read)
    ties += used_ties(tables, graph, owners, querying.queried)
    problems = [*ownership_problems(owned), *querying.problems, *querying.undeclared()]
    return data_document(with_users(owned, querying.named), ties, contexts), sorted(set(problems))


def _as_ruled(found: Analysis) -> Assignment:
    """Who owns each file, where what has gone to the core is still whose the rules say that it is."""
    from msgspec.structs import replace

    from decomposer.assigning.owners import assign
    from decomposer.assigning.traits import file_traits
    from decomposer.model.config import CORE

    told = found.assignment
    ruled = assign(found.rule_set, file_traits(found.config, found.graph, found.repository.python), found.graph)
    return replace(told, owners={path: ruled.owners[path] if owner.context == CORE and ruled.context(path) else owner
                                 for path, owner in told.owners.items()})  # fmt: skip
