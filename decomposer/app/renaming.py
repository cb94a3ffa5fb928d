"""The commands that give modules other names, and mend imports that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decomposer.app.options import Options
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.model.moves import MovePlan

ALIAS_DAYS = 180
"""How long an alias at a module's old path is to stay."""


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
        lambda: _source(listing, options), "" if options.repo else locate.folder_below(listing.root), alias,
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
