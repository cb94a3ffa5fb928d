"""Who calls the API: the command `clients`, wired together."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from decomposer.app.extracting import tree_of
from decomposer.app.options import Options
from decomposer.app.reading import analysis
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.calling.callers import Caller
    from decomposer.changeset import Planned
    from decomposer.model.problems import Problem
    from decomposer.scaffold.system import System


def clients(options: Options) -> tuple[dict[str, Any], list[Problem]]:
    """The callers as a document (see `decomposer.report.callers`), and what was not read."""
    from decomposer.calling.addresses import addresses
    from decomposer.calling.callers import gates
    from decomposer.report.callers import callers_document

    listing, system, found, problems = _found(options)
    settings = addresses(_files(listing), disk.reader(listing.root), gates(system))
    contexts = [context for context in dict.fromkeys(one.context for one in system.operations) if context]
    serving = {service.context for service in system.serving()}
    return callers_document(found, settings, system.operations, contexts, serving), problems


def rewrite(options: Options) -> Planned:
    """The change set that leads requests past the gateway to the services' settings, and what it leaves."""
    from decomposer.calling.rewriting import rewritten
    from decomposer.calling.waiting import waiting
    from decomposer.changeset import Planned, build_changeset

    listing, system, found, problems = _found(options)
    read = disk.reader(listing.root)
    serving = {service.context for service in system.serving()}
    writes, left = rewritten(found, serving, read, lambda path: disk.mode(listing.root, path), _files(listing))
    change_set = build_changeset(writes, {write.path: read(write.path) for write in writes})
    return Planned(change_set, tuple(sorted({*problems, *left, *waiting(found, serving)})))


def _files(listing: disk.Listing) -> list[str]:
    """Every file of the repository, scripts too."""
    return sorted({posixpath.normpath(path) for path in disk.list_folder(listing.root, "")})


def _found(options: Options) -> tuple[disk.Listing, System, list[Caller], list[Problem]]:
    from decomposer.calling.callers import callers
    from decomposer.calling.javascript import parsers
    from decomposer.extracting.described import describe

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    system, _ = describe(tree_of(listing, analysis(options, listing)), (), lambda: None)
    try:
        parser = parsers()
    except ImportError:
        parser = None
    found, problems = callers(_files(listing), disk.reader(listing.root), system, parser)
    return listing, system, found, problems
