"""The command that writes a first configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from decomposer.app.options import Options
from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache

if TYPE_CHECKING:
    from decomposer.changeset import Planned


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
    from decomposer.shell.configuring import find_config, must_have_entries, told_config, with_entries
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
        must_have_entries(config, repository, None)
    graph, _ = link(config, repository.python, repository.texts)
    change_set = start(listing.root, first_files(config, graph, rules), force)
    return Planned(change_set, summary=("next: decompose analyze",))
