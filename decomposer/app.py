"""One function per command: the only place where the stages are wired together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache
from decomposer.shell.scan import Scanned, digest

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from decomposer.assigning.owners import Assignment
    from decomposer.changeset import ChangeSet, Planned
    from decomposer.model.certificate import Certificate
    from decomposer.model.config import Config, RuleSet
    from decomposer.model.edges import Graph
    from decomposer.model.moves import MovePlan
    from decomposer.model.probes import Baseline
    from decomposer.model.problems import Problem
    from decomposer.shell.committing import Committed
    from decomposer.shell.history import Record
    from decomposer.shell.reading import Repository
    from decomposer.verifying import Wish
    from decomposer.verifying.situation import Situation

Progress = Callable[[int, int], None]
ALIAS_DAYS = 180
"""How long an alias at a module's old path is to stay."""


class Options(Struct, frozen=True):
    """What every command can be told: where to work, with which configuration, rules, reader and cache."""

    repo: Path | None = None
    config: Path | None = None
    rules: Path | None = None
    reader: str = "ast"
    cache: bool = True
    progress: Progress | None = None
    scanned: Scanned | None = None


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


def analyze(options: Options) -> Answer:
    """The analysis document (see `decomposer.report.document`), from the cache where nothing has changed."""
    from decomposer.graph.algorithms import strongly_connected  # what finds cycles takes a while to import

    started = time.perf_counter()
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    cache = Cache(listing.root, options.cache)
    document = _document(analysis(options, listing, cache, lambda: strongly_connected(())), cache)
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
    from decomposer.shell.configuring import read_config, read_rule_set, with_entries, with_homes
    from decomposer.shell.reading import read_repository

    root = listing.root if listing is not None else locate.find_repository(options.repo)
    listing = listing or disk.list_files(root)
    cache = cache or Cache(root, options.cache)
    config = with_homes(read_config(listing, options.config), listing)
    rule_set = read_rule_set(config, options.rules, root, cache)
    repository = read_repository(listing, config, cache, options.reader, options.progress, meanwhile)
    config = with_entries(config, repository)
    graph, not_understood = link(config, repository.python, repository.texts)
    traits = file_traits(config, graph, repository.python)
    assignment = assign(rule_set, traits, graph, gone_files(config, traits))
    problems = [*repository.problems, *not_understood, *assignment.problems, *_unread(repository, config)]
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
    """Everything known of a path, module, route or table: owner, rule or evidence, edges by context."""
    from decomposer.report.explanation import explanation

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    told = explanation(subject, found.config, found.rule_set, found.graph, found.assignment)
    return Answer(told, str(listing.root), listing.signature())


def contexts(options: Options, wanted: str) -> tuple[str, ...]:
    """The names of the contexts that are meant: one by its name, those of a "phase N", or all ("*"), the core first.

    Raises DecomposerError for a phase that no rule file has.
    """
    from decomposer.model.config import CORE
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.shell.configuring import read_config, read_rule_set

    if wanted != "*" and not wanted.startswith("phase "):
        return (wanted,)
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    config, cache = read_config(listing, options.config), Cache(listing.root, options.cache)
    known = read_rule_set(config, options.rules, listing.root, cache).contexts
    if wanted == "*":
        return (CORE, *(context.name for context in known))
    number = int(wanted.removeprefix("phase "))
    found = (CORE,) if number == 1 else tuple(context.name for context in known if context.phase == number)
    if not found:
        phases = ", ".join(map(str, sorted({1, *(context.phase for context in known)})))
        raise DecomposerError(Problem("--phase", 0, "no-phase", f"no context has the phase {number}",
                                      f"known phases: {phases}"))  # fmt: skip
    return found


def extract(options: Options, contexts: tuple[str, ...]) -> Planned:
    """The change set that takes contexts (or "core") out of the monolith one after another, and what to know of it.

    Raises DecomposerError for a context that no rule file defines, or a change that cannot be made.
    """
    from decomposer.changeset import ChangeSet, Planned, composed

    whole = Planned(ChangeSet())
    for _, planned in extract_steps(options, contexts):
        whole = Planned(
            composed(whole.change_set, planned.change_set),
            tuple(sorted({*whole.problems, *planned.problems})),
            (*whole.summary, *planned.summary),
        )
    return whole


def extract_steps(options: Options, contexts: tuple[str, ...]) -> Iterator[tuple[str, Planned]]:
    """The change of each context in turn, as if those before it had been made.

    Raises DecomposerError for a context that no rule file defines, or a change that cannot be made.
    """
    import datetime

    from decomposer.changeset import Planned
    from decomposer.extracting import Way, steps
    from decomposer.extracting.tree import Tree
    from decomposer.model.config import CORE
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.scaffold.templates import renderer

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    known = [CORE, *(context.name for context in found.rule_set.contexts)]
    for context in contexts:
        if context not in known:
            raise DecomposerError(Problem(context, 0, "no-context", f"no rule file defines the context `{context}`",
                                          f"known contexts: {', '.join(known[1:]) or 'none'}"))  # fmt: skip
    tree = Tree(
        found.config, found.rule_set, found.repository.python, found.repository.texts, tuple(listing.python()),
        disk.reader(listing.root), lambda path: disk.mode(listing.root, path),
        lambda folder: disk.list_folder(listing.root, folder), lambda path: disk.link_above(listing.root, path),
        found.graph, found.assignment,
    )  # fmt: skip
    expires = (datetime.date.today() + datetime.timedelta(days=ALIAS_DAYS)).isoformat()
    way = Way(renderer(locate.data_folder("templates")), disk.top_packages(listing), expires)
    conflicts = tuple(problem for problem in found.problems if problem.code == "rule-conflict")
    for name, planned in steps(tree, contexts, way):
        yield name, Planned(planned.change_set, tuple(sorted({*planned.problems, *conflicts})), planned.summary)


def move(options: Options, pairs: tuple[tuple[str, str], ...], alias: bool, repair: bool) -> Planned:
    """The change set that gives modules other names, and what a person should know about it.

    Raises DecomposerError for a move that cannot be made.
    """
    import datetime

    from decomposer.planning.moves import plan_moves

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    read = disk.reader(listing.root)
    plan = plan_moves(
        pairs, listing.python(), lambda folder: disk.list_folder(listing.root, folder), read,
        lambda: _source(listing, options),
    )  # fmt: skip
    expires = (datetime.date.today() + datetime.timedelta(days=ALIAS_DAYS)).isoformat() if alias else ""
    return _moved(options, listing, plan, expires, repair)


def repair(options: Options) -> Planned:
    """The change set that mends imports which do not resolve and whose meaning is evident.

    Raises DecomposerError when there is no monolith to be found, or the configuration is wrong.
    """
    from decomposer.model.moves import MovePlan
    from decomposer.shell.configuring import read_config

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    config = read_config(listing, options.config)
    plan = MovePlan((), config.source, config.package, config.source, config.package, {}, ())
    return _moved(options, listing, plan, "", True)


def _source(listing: disk.Listing, options: Options) -> str:
    """The folder that holds the monolith's package, "" where no monolith is found."""
    from decomposer.model.problems import DecomposerError
    from decomposer.shell.configuring import read_config

    try:
        return read_config(listing, options.config).source
    except DecomposerError:
        return ""


def _moved(options: Options, listing: disk.Listing, plan: MovePlan, expires: str, repair: bool) -> Planned:
    from decomposer.changeset import Planned, build_changeset
    from decomposer.model.config import Config
    from decomposer.model.facts import PythonFacts, TextFacts
    from decomposer.moving import move_writes
    from decomposer.planning.moves import summarize_moves
    from decomposer.shell.reading import read_repository

    read = disk.reader(listing.root)
    python: dict[str, PythonFacts] = {}
    texts: dict[str, TextFacts] = {}
    for source, package in sorted({(plan.new_source, plan.new_package), (plan.source, plan.package)}):
        config, cache = Config(source, package, ()), Cache(listing.root, options.cache)
        repository = read_repository(listing, config, cache, progress=options.progress)
        python |= repository.python
        texts |= repository.texts
    writes, problems = move_writes(
        plan, expires, repair, python, texts, listing.python(), read,
        lambda path: disk.mode(listing.root, path),
    )  # fmt: skip
    change_set = build_changeset(writes, {write.path: read(write.path) for write in writes})
    return Planned(change_set, tuple(problems), summarize_moves(plan, change_set.paths()))


def init(
    options: Options, source: str | None, package: str | None, entry: str | None, rules: str, force: bool
) -> Planned:
    """The change set of a first configuration and rule files.

    Raises DecomposerError when files are there already (unless forced), or no monolith is found.
    """
    from decomposer.changeset import Planned
    from decomposer.graph.link import link
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.planning.beginning import first_files
    from decomposer.shell.configuring import find_config, told_config, with_entries
    from decomposer.shell.reading import read_repository
    from decomposer.shell.starting import start

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    if source is None and package is None:
        config = find_config(listing)
    elif package is None:
        raise DecomposerError(Problem("--package", 0, "usage", "--source needs --package with it"))
    else:
        config = told_config(listing, source or "", package)
    repository = read_repository(listing, config, Cache(listing.root, options.cache), progress=options.progress)
    config = structs.replace(with_entries(config, repository), origin="decompose.toml")
    if entry is not None:
        config = structs.replace(config, entries=(entry,))
    graph, _ = link(config, repository.python, repository.texts)
    change_set = start(listing.root, first_files(config, graph, rules), force)
    return Planned(change_set, summary=("next: decompose analyze",))


def verify_baseline(options: Options, wish: Wish, path: tuple[str, ...]) -> Baseline:
    """The monolith as it runs now, kept for `verify` to compare with; this executes it.

    Raises DecomposerError when it does not boot.
    """
    from decomposer.verifying.situation import record

    return record(_situation(options, path), wish)


def verify(options: Options, wish: Wish, path: tuple[str, ...], contexts: tuple[str, ...]) -> list[Certificate]:
    """The certificates of contexts, of all that have left where none is named, which are kept; this executes code.

    Raises DecomposerError when there is no baseline, or a context has not left.
    """
    from decomposer.verifying.situation import verify

    return verify(_situation(options, path), wish, contexts)


def _situation(options: Options, path: tuple[str, ...]) -> Situation:
    from decomposer.verifying.situation import Situation

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    return Situation(listing, found.config, found.rule_set, found.graph, found.assignment, path)


def only_writer(options: Options) -> AbstractContextManager[Problem | None]:
    """Lets no other run write to the repository as long as it lasts; a command that writes plans inside.

    Gives a warning when what a killed run had left half-made was undone. Raises DecomposerError when another is at it.
    """
    from decomposer.shell.apply import only_writer

    return only_writer(locate.find_repository(options.repo))


def apply(options: Options, change_set: ChangeSet, title: str, commit: bool) -> Committed:
    """Makes a change, and commits it where that is wished: its id, "" when every file is already what it is to be.

    Raises DecomposerError, and changes nothing, when a file was edited since, another run is writing, or the
    system or git refuses.
    """
    from decomposer.shell.apply import apply_changes
    from decomposer.shell.committing import Committed, commit_changes

    root = locate.find_repository(options.repo)
    if commit:
        return commit_changes(root, change_set, title)
    return Committed(apply_changes(root, change_set, title), ())


def rollback(options: Options, change: str | None) -> Record:
    """Takes back a change, byte for byte, and gives its record: the one named, or the last that still holds.

    Raises DecomposerError, and changes nothing, when a file was edited since or there is no such change.
    """
    from decomposer.shell.history import rollback_change

    return rollback_change(locate.find_repository(options.repo), change)


def changes(options: Options) -> list[Record]:
    """All changes that were made to the repository, the first one first."""
    from decomposer.shell.history import history

    return history(locate.find_repository(options.repo))


def _document(found: Analysis, cache: Cache) -> dict[str, Any]:
    from decomposer.checks.coupling import coupling
    from decomposer.checks.reachability import reachability
    from decomposer.planning.phases import phases
    from decomposer.report.document import build_document

    cycles = _cycles(found.graph, cache)
    entries = [entry.partition(":")[0] for entry in found.config.entries]
    makers = {route.module for route in found.graph.routes if route.module != "fastapi"} & _application_modules(found)
    return build_document(
        found.config, found.rule_set, found.graph, found.assignment,
        reachability(found.graph, entries[:1], [*entries[1:], *sorted(makers)]),
        coupling(found.graph, found.assignment), cycles,
        phases(found.rule_set, found.assignment, found.graph, cycles, entries), found.problems,
    )  # fmt: skip


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
