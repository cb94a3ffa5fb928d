"""The commands that take contexts out, render what their services need, and cut them over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.app.renaming import ALIAS_DAYS
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.extracting.tree import Tree, Way


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
    for _, planned in extract_steps(options, contexts, len(contexts) > 1):
        whole = Planned(
            composed(whole.change_set, planned.change_set),
            tuple(sorted({*whole.problems, *planned.problems})),
            (*whole.summary, *planned.summary),
        )
    return _with_reload(whole)


def extract_steps(
    options: Options, contexts: tuple[str, ...], together: bool = False
) -> Iterator[tuple[str, Planned]]:  # fmt: skip
    """The change of each context in turn, as if those before it had been made; `together` when all are made as one.

    Raises DecomposerError for a context that no rule file defines, or a change that cannot be made.
    """
    from dataclasses import replace

    from decomposer.changeset import Planned
    from decomposer.extracting import steps
    from decomposer.moving.readers import Readers
    from decomposer.shell.sites import KnownSites

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    must_be_known(found, contexts)
    sites = KnownSites(Cache(listing.root, options.cache))
    tree = replace(tree_of(listing, found), readers=Readers(sites=sites))
    way = way_of(listing, found)
    conflicts = tuple(problem for problem in found.problems if problem.code == "rule-conflict")
    for name, planned in steps(tree, contexts, way, together):
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
        must_be_known(found, (context,))
    tree = tree_of(listing, found)
    contexts = [context] if context is not None else [CORE, *(known.name for known in found.rule_set.contexts)]
    way = way_of(listing, found)
    if target != "all":
        way = replace(way, targets=_targets((target,), target))
    writes, problems = scaffolding(tree, contexts, (), way)
    roots = [found.config.service_root(name) for name in contexts]
    if not any(path.startswith(f"{root}/") for root in roots for path in tree.everything):
        told = "has not left yet" if context else "no context has one yet that anything could be rendered for"
        raise DecomposerError(Problem(context or "services", 0, "not-extracted", told,
                                      f"decompose extract {context or 'CONTEXT, or --all'}"))  # fmt: skip
    return _with_reload(Planned(build_changeset(writes, {write.path: tree.read(write.path) for write in writes}),
                                tuple(sorted(set(problems)))))  # fmt: skip


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
    return _with_reload(replace(planned, problems=(*planned.problems, *not_routed(listing, contexts))))


def _with_reload(planned: Planned) -> Planned:
    """The same, which says what nginx has to do where its files change."""
    from dataclasses import replace

    from decomposer.scaffold.nginx.rendering import is_rendered

    if not any(is_rendered(path) for path in planned.change_set.paths()):
        return planned
    told = "nginx takes the new locations when it is told to: nginx -t && nginx -s reload"
    return replace(planned, summary=(*planned.summary, told))


def must_be_known(found: Analysis, contexts: Iterable[str]) -> None:
    """Raises DecomposerError for a context that no rule file defines."""
    from decomposer.model.config import CORE
    from decomposer.model.near import no_context
    from decomposer.model.problems import DecomposerError

    known = [CORE, *(context.name for context in found.rule_set.contexts)]
    for context in contexts:
        if context not in known:
            raise DecomposerError(no_context(context, known))


def way_of(listing: disk.Listing, found: Analysis) -> Way:
    """What all steps have in common, templates of the team's before the tool's own."""
    import datetime

    from decomposer.extracting.tree import Way
    from decomposer.scaffold.templates import renderer
    from decomposer.shell import certificates

    own = [listing.root / found.config.templates] if found.config.templates else []
    expires = (datetime.date.today() + datetime.timedelta(days=ALIAS_DAYS)).isoformat()
    return Way(renderer(*own, locate.data_folder("templates")), expires,
               cache(partial(certificates.recorded_contract, listing.root)),
               _targets(found.config.scaffold, found.config.origin))  # fmt: skip


def _targets(named: tuple[str, ...], place: str) -> tuple[str, ...]:
    """The targets named, all where none is; raises DecomposerError for one that there is not."""
    from decomposer.model.near import known_names
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.scaffold import TARGETS

    unknown = [name for name in named if name not in TARGETS]
    if unknown:
        raise DecomposerError(Problem(place, 0, "no-target", f"nothing is rendered by the name `{unknown[0]}`",
                                      known_names(unknown[0], [*TARGETS], "known targets")))  # fmt: skip
    return tuple(name for name in TARGETS if not named or name in named)


def tree_of(listing: disk.Listing, found: Analysis) -> Tree:
    """The repository as it is, for steps of the plan to work on."""
    from decomposer.extracting.tree import Distributions, Tree
    from decomposer.shell import certificates, distributions

    known = Distributions(cache(partial(certificates.recorded_providers, listing.root)), distributions.own_providers)
    return Tree(
        found.config, found.rule_set, found.repository.python, found.repository.texts, tuple(listing.python()),
        tuple(path for path, *_ in listing.files), disk.reader(listing.root),
        lambda path: disk.mode(listing.root, path),
        lambda folder: disk.list_folder(listing.root, folder), lambda path: disk.link_above(listing.root, path),
        found.graph, found.assignment, distributions=known,
    )  # fmt: skip
