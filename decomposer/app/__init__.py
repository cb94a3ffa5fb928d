"""One function per command: the only place where the stages are wired together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from msgspec import structs

from decomposer.app.reading import Analysis, Answer, Options, Progress, analysis, analyze, explain, graph, status
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from decomposer.changeset import ChangeSet, Planned
    from decomposer.extracting.tree import Tree, Way
    from decomposer.model.certificate import Certificate
    from decomposer.model.moves import MovePlan
    from decomposer.model.probes import Baseline
    from decomposer.model.problems import Problem
    from decomposer.shell.committing import Committed
    from decomposer.shell.history import Record
    from decomposer.verifying import Wish
    from decomposer.verifying.situation import Situation

__all__ = ["Analysis", "Answer", "Options", "Progress", "analysis", "analyze", "explain", "graph", "status"]
ALIAS_DAYS = 180
"""How long an alias at a module's old path is to stay."""


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
    from dataclasses import replace

    from decomposer.changeset import Planned
    from decomposer.extracting import steps
    from decomposer.moving.readers import Readers
    from decomposer.shell.sites import KnownSites

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    _must_be_known(found, contexts)
    sites = KnownSites(Cache(listing.root, options.cache))
    tree = replace(tree_of(listing, found), readers=Readers(sites=sites))
    way = way_of(listing, found)
    conflicts = tuple(problem for problem in found.problems if problem.code == "rule-conflict")
    for name, planned in steps(tree, contexts, way):
        yield name, Planned(planned.change_set, tuple(sorted({*planned.problems, *conflicts})), planned.summary)
    sites.keep()


def scaffold(options: Options, target: str, context: str | None) -> Planned:
    """The change set of what is rendered for the services that have left: one target or "all", one context or all.

    Raises DecomposerError for a target or a context that is not known, or has no service yet.
    """
    from dataclasses import replace

    from decomposer.changeset import Planned, build_changeset
    from decomposer.extracting.scaffolding import scaffolding
    from decomposer.model.config import CORE
    from decomposer.model.problems import DecomposerError, Problem

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    if context is not None:
        _must_be_known(found, (context,))
    tree = tree_of(listing, found)
    contexts = [context] if context is not None else [CORE, *(known.name for known in found.rule_set.contexts)]
    way = way_of(listing, found)
    if target != "all":
        way = replace(way, targets=_targets((target,), target))
    writes, problems = scaffolding(tree, contexts, (), way)
    if not writes and not problems:
        raise DecomposerError(Problem(context or ".", 0, "not-extracted", "has no service yet",
                                      f"decompose extract {context or '--all'}"))  # fmt: skip
    return Planned(build_changeset(writes, {write.path: tree.read(write.path) for write in writes}),
                   tuple(sorted(set(problems))))  # fmt: skip


def _must_be_known(found: Analysis, contexts: Iterable[str]) -> None:
    """Raises DecomposerError for a context that no rule file defines."""
    import difflib

    from decomposer.model.config import CORE
    from decomposer.model.problems import DecomposerError, Problem

    known = [CORE, *(context.name for context in found.rule_set.contexts)]
    for context in contexts:
        if context not in known:
            near = difflib.get_close_matches(context.lower(), known, 1, 0.5)
            hint = f"did you mean `{near[0]}`? " if near else ""
            raise DecomposerError(Problem(context, 0, "no-context", f"no rule file defines the context `{context}`",
                                          f"{hint}known contexts: {', '.join(known)}"))  # fmt: skip


def way_of(listing: disk.Listing, found: Analysis) -> Way:
    """What all steps have in common, templates of the team's before the tool's own."""
    import datetime

    from decomposer.extracting.tree import Way
    from decomposer.scaffold.templates import renderer
    from decomposer.shell import certificates

    own = [listing.root / found.config.templates] if found.config.templates else []
    expires = (datetime.date.today() + datetime.timedelta(days=ALIAS_DAYS)).isoformat()
    return Way(renderer(*own, locate.data_folder("templates")), disk.top_packages(listing), expires,
               cache(partial(certificates.recorded_contract, listing.root)),
               _targets(found.config.scaffold, found.config.origin))  # fmt: skip


def _targets(named: tuple[str, ...], place: str) -> tuple[str, ...]:
    """The targets named, all where none is; raises DecomposerError for one that there is not."""
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.scaffold import TARGETS

    unknown = [name for name in named if name not in TARGETS]
    if unknown:
        raise DecomposerError(Problem(place, 0, "no-target", f"nothing is rendered by the name `{unknown[0]}`",
                                      f"known targets: {', '.join(TARGETS)}"))  # fmt: skip
    return tuple(name for name in TARGETS if not named or name in named)


def tree_of(listing: disk.Listing, found: Analysis) -> Tree:
    """The repository as it is, for steps of the plan to work on."""
    from decomposer.extracting.tree import Tree

    return Tree(
        found.config, found.rule_set, found.repository.python, found.repository.texts, tuple(listing.python()),
        tuple(path for path, *_ in listing.files), disk.reader(listing.root),
        lambda path: disk.mode(listing.root, path),
        lambda folder: disk.list_folder(listing.root, folder), lambda path: disk.link_above(listing.root, path),
        found.graph, found.assignment,
    )  # fmt: skip


def cutover(options: Options, contexts: tuple[str, ...]) -> Planned:
    """The change set that takes contexts out of the monolith together, and what still loads them otherwise.

    Raises DecomposerError for a context that has not been extracted.
    """
    from dataclasses import replace

    from decomposer.app.routing import not_routed
    from decomposer.extracting.cutting_over import cut_over
    from decomposer.shell import certificates

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    verified = {name for name in contexts if certificates.is_current(listing.root, found.config, name)}
    planned = cut_over(tree_of(listing, found), contexts, frozenset(verified), way_of(listing, found))
    return replace(planned, problems=(*planned.problems, *not_routed(listing, contexts)))


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
        lambda: _source(listing, options), "" if options.repo else locate.folder_below(listing.root),
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


def _rule_files(listing: disk.Listing, options: Options, plan: MovePlan) -> list[str]:
    """The paths of the rule files that are configured for the package of a move."""
    from decomposer.model.problems import DecomposerError
    from decomposer.shell.configuring import read_config

    try:
        if locate.find_configuration(listing.root, options.config) is None:
            return []
        config = read_config(listing, options.config)
    except DecomposerError:  # a move needs no configuration
        return []
    if not config.rules or (config.source, config.package) != (plan.source, plan.package):
        return []
    paths = [path for path, *_ in listing.files if path.endswith(".toml")]
    return [path for path in paths if path.rpartition("/")[0] == config.rules.rstrip("/")]


def _moved(options: Options, listing: disk.Listing, plan: MovePlan, expires: str, repair: bool) -> Planned:
    from decomposer.changeset import Planned, build_changeset
    from decomposer.model.config import Config
    from decomposer.model.facts import PythonFacts, TextFacts
    from decomposer.moving import move_writes
    from decomposer.moving.readers import Readers
    from decomposer.planning.moves import summarize_moves
    from decomposer.shell.reading import read_repository
    from decomposer.shell.sites import KnownSites

    read = disk.reader(listing.root)
    python: dict[str, PythonFacts] = {}
    texts: dict[str, TextFacts] = {}
    for source, package in sorted({(plan.new_source, plan.new_package), (plan.source, plan.package)}):
        config, cache = Config(source, package, ()), Cache(listing.root, options.cache)
        repository = read_repository(listing, config, cache, progress=options.progress)
        python |= repository.python
        texts |= repository.texts
    sites = KnownSites(Cache(listing.root, options.cache))
    writes, problems = move_writes(
        plan, expires, repair, python, texts, listing.python(), read,
        lambda path: disk.mode(listing.root, path), rule_files=_rule_files(listing, options, plan),
        readers=Readers(sites=sites),
    )  # fmt: skip
    sites.keep()
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


def verify_baseline(options: Options, wish: Wish, path: tuple[str, ...], force: bool = False) -> Baseline:
    """The monolith as it runs now, kept for `verify` to compare with; this executes it.

    Raises DecomposerError when it does not boot.
    """
    from decomposer.verifying.situation import record

    return record(_situation(options, path), wish, force)


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


def apply(
    options: Options, change_set: ChangeSet, title: str, commit: bool, contexts: tuple[str, ...] = ()
) -> Committed:
    """Makes a change, and commits it where that is wished: its id, "" when every file is already what it is to be.

    `contexts` are those that it takes a step further, by which it can be taken back.
    Raises DecomposerError, and changes nothing, when a file was edited since, another run is writing, or the
    system or git refuses.
    """
    from decomposer.shell.apply import apply_changes
    from decomposer.shell.committing import Committed, commit_changes

    root = locate.find_repository(options.repo)
    if commit:
        return commit_changes(root, change_set, title, contexts)
    return Committed(apply_changes(root, change_set, title, contexts), ())


def rollback(
    options: Options, wanted: str | None, command: Callable[[str], str] = "decompose rollback {}".format
) -> Record:
    """Takes back a change, byte for byte, and gives its record: the one named, or the last that still holds.

    Named is an id, or a context, whose last change is meant; `command` gives the words that take back a change.

    Raises DecomposerError, and changes nothing, when a file was edited since or there is no such change.
    """
    from decomposer.shell.history import rollback_change

    return rollback_change(locate.find_repository(options.repo), wanted, command)


def changes(options: Options) -> list[Record]:
    """All changes that were made to the repository, the first one first."""
    from decomposer.shell.history import history

    return history(locate.find_repository(options.repo))
