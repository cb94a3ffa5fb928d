"""The commands that only read, and what all commands begin with: the repository read, linked and assigned."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from decomposer.app.options import Options
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache
from decomposer.shell.scan import digest

if TYPE_CHECKING:
    from decomposer.assigning.owners import Assignment
    from decomposer.model.config import Config, RuleSet
    from decomposer.model.edges import Graph
    from decomposer.model.problems import Problem
    from decomposer.planning.clients import Calling
    from decomposer.planning.codebase import Codebase
    from decomposer.shell.reading import Repository

class Answer(Struct, frozen=True):
    """What a command found out, the repository it looked at, and the signature of the listing it saw."""

    value: Any
    root: str
    listed: str


class Analysis(Struct, frozen=True):
    """Everything that is known of a repository after reading and before deciding on changes."""

    config: Config
    rule_set: RuleSet
    repository: Repository
    graph: Graph
    assignment: Assignment
    problems: tuple[Problem, ...]


def analyze(options: Options, against: Path | None = None, since: Sequence[Path] = ()) -> Answer:
    """The analysis document (see `decomposer.report.document`), from the cache where nothing has changed.

    `against` is a file with a placement to compare with, `since` are files with earlier analysis documents. Raises
    DecomposerError where they are none.
    """
    from decomposer.graph.algorithms import strongly_connected  # what finds cycles takes a while to import

    started = time.perf_counter()
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    cache = Cache(listing.root, options.cache)
    found = analysis(options, listing, cache, lambda: strongly_connected(()))
    document = _document(found, listing, cache)
    document["quality"], document["against"] = _quality(found), _against(found, against)
    document["since"] = [_earlier(path) for path in since]
    document["elapsed_seconds"] = round(time.perf_counter() - started, 3)
    return Answer(document, str(listing.root), listing.signature())


def analysis(
    options: Options, listing: disk.Listing | None = None, cache: Cache | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Analysis:  # fmt: skip
    """A repository read, linked and assigned; `meanwhile` is done while workers read, where there is much to read.

    Raises DecomposerError when there is no monolith to be found, or the configuration or rules are wrong.
    """
    from decomposer.assigning.owners import assign
    from decomposer.assigning.traits import file_traits, gone_files
    from decomposer.graph.link import link
    from decomposer.shell.configuring import must_have_entries, read_config, read_rule_set, with_entries, with_homes
    from decomposer.shell.misfits import misfits
    from decomposer.shell.reading import read_repository

    root = listing.root if listing is not None else locate.find_repository(options.repo)
    listing = listing or disk.list_files(root)
    cache = cache or Cache(root, options.cache)
    config = with_homes(read_config(listing, options.config), listing)
    rule_set = read_rule_set(config, options.rules, root, cache)
    misfitting = misfits(config, rule_set, root, options.config)
    repository = read_repository(listing, config, cache, options.reader, options.progress, meanwhile)
    if config.entries and (written := locate.find_configuration(root, options.config)) is not None:
        must_have_entries(config, repository, written)
    config = with_entries(config, repository)
    graph, not_understood = link(config, repository.python, repository.texts)
    traits = file_traits(config, graph, repository.python)
    assignment = assign(rule_set, traits, graph, gone_files(config, traits))
    problems = [*repository.problems, *not_understood, *assignment.problems, *misfitting,
                *_unread(repository, config)]  # fmt: skip
    return Analysis(config, rule_set, repository, graph, assignment, tuple(sorted(problems)))


def graph(options: Options, form: str) -> Answer:
    """The graph as json, dot or mermaid."""
    from decomposer.report import graph_formats

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    contexts = {path: owner.context for path, owner in found.assignment.owners.items()}
    write = {
        "json": graph_formats.graph_json, "dot": graph_formats.graph_dot, "mermaid": graph_formats.graph_mermaid,
    }[form]  # fmt: skip
    return Answer(write(found.graph, contexts), str(listing.root), listing.signature())


def explain(options: Options, subject: str) -> Answer:
    """Everything known of a path, module, route or table: owner, rule or evidence, edges; of a context its needs."""
    from decomposer.planning.settling import settled, settled_of
    from decomposer.report.dependencies import context_explanation
    from decomposer.report.explanation import explanation
    from decomposer.scaffold.calls_need import too_old

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    names = [context.name for context in found.rule_set.contexts]
    calling, context = calling_of(found, listing, names), found.rule_set.context(subject)
    told = context_explanation(context, settled_of(calling, subject)) if context is not None else \
        explanation(subject, found.config, found.rule_set, found.graph, found.assignment,
                    partial(settled, calling, names))  # fmt: skip
    needs = (*told.get("needs", ()), *told.get("settled", ()))
    old = too_old(found.config.source, disk.reader(listing.root)) if any(
        one["policy"] == "client" for one in needs) else None  # fmt: skip
    told["problems"] = [msgspec.to_builtins(old)] if old is not None else []
    return Answer(told, str(listing.root), listing.signature())


def calling_of(found: Analysis, listing: disk.Listing, contexts: list[str]) -> Calling:
    """What judges the calls between contexts."""
    from decomposer.planning.clients import Calling
    from decomposer.planning.policies import Policies
    from decomposer.planning.sharing import plan_sharing

    code = codebase(found)
    policies = Policies(found.rule_set, code)
    sharing = plan_sharing(code, contexts, policies, found.config.limits.service)
    return Calling(code, policies, disk.reader(listing.root), sharing.modules, sharing.without_room)


def _document(found: Analysis, listing: disk.Listing, cache: Cache) -> dict[str, Any]:
    from decomposer.checks.coupling import coupling
    from decomposer.checks.reachability import reachability
    from decomposer.planning.phases import phases
    from decomposer.planning.states import states
    from decomposer.report.document import build_document

    cycles = _cycles(found.graph, cache)
    entries = [entry.partition(":")[0] for entry in found.config.entries]
    makers = {route.module for route in found.graph.routes if route.module != "fastapi"} & _application_modules(found)
    return build_document(
        found.config, found.rule_set, found.graph, found.assignment,
        reachability(found.graph, entries[:1], [*entries[1:], *sorted(makers)]),
        coupling(found.graph, found.assignment), cycles,
        phases(found.rule_set, found.assignment, found.graph, cycles, entries), found.problems,
        states(found.config, found.rule_set, frozenset(listing.python()), partial(codebase, found)),
    )  # fmt: skip


def _quality(found: Analysis) -> dict[str, Any]:
    """The quality of the placement as the rules make it."""
    from decomposer.checks.quality_figures import quality
    from decomposer.report.quality import quality_document

    main = (found.config.entries or ("",))[0]
    served = [route for route in found.graph.routes if route.entry and route.entry == main]
    return quality_document(quality(
        found.graph, found.repository.python, served, found.assignment.context, found.config.limits
    ))  # fmt: skip


def _against(found: Analysis, path: Path | None) -> dict[str, Any] | None:
    """How far the placement agrees with the one in a file, whose paths are the repository's or the package's."""
    if path is None:
        return None
    from decomposer.assigning.traits import below_package
    from decomposer.checks.agreement import agreement
    from decomposer.report.quality import agreement_document
    from decomposer.rules.placement import read_placement

    contexts = {file: owner.context for file, owner in found.assignment.owners.items()}
    below = {below_package(found.config, file): file for file in contexts}
    given = read_placement(str(path), locate.read_given(path))
    return agreement_document(agreement(contexts, {below.get(file, file): name for file, name in given.items()}),
                              str(path))  # fmt: skip


def _earlier(path: Path) -> dict[str, Any]:
    """The figures of an earlier analysis, from its document."""
    from decomposer.report.quality import earlier_document

    return earlier_document(str(path), locate.read_given(path))


def codebase(found: Analysis) -> Codebase:
    """The code base that was read."""
    from decomposer.planning.codebase import Codebase

    return Codebase(found.config, found.graph, found.assignment, found.repository.python)


def _application_modules(found: Analysis) -> set[str]:
    """Modules that make an application of their own."""
    names = {node.path: node.name for node in found.graph.nodes if node.role in ("module", "package")}
    return {
        names[path]
        for path, facts in found.repository.python.items()
        if path in names and any(e.action == "router" and e.value.endswith("FastAPI") for e in facts.routes)
    }


def _cycles(graph: Graph, cache: Cache) -> list[tuple[str, ...]]:
    """Cycles of load edges, from the cache when the edges are those of the last run."""
    from decomposer.graph.algorithms import strongly_connected

    pairs = sorted({(e.source, e.target) for e in graph.edges if e.kind == "load" and e.target != "" != e.source})
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    key = digest(repr(pairs).encode())
    kept = cache.read("cycles")
    if kept is not None and kept.startswith(key.encode()):
        return msgspec.json.decode(kept[len(key) :], type=list[tuple[str, ...]])
    cycles = strongly_connected(pairs)
    cache.write("cycles", key.encode() + msgspec.json.encode(cycles))
    return cycles


def _unread(repository: Repository, config: Config) -> list[Problem]:
    """A problem for each file whose content was not understood: an error inside the package."""
    from decomposer.model.problems import Problem

    prefix = config.root() + "/"
    return [
        Problem(path, facts.error_line, "not-understood", facts.error, "its lines are counted, its references are not",
                "error" if path.startswith(prefix) else "warning")
        for path, facts in repository.python.items() if facts.error
    ]  # fmt: skip
