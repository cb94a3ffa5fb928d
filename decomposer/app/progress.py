"""How far a repository has come: what the command `status` needs, wired together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decomposer.app.finishing import not_retired
from decomposer.app.options import Options
from decomposer.app.reading import analysis, codebase
from decomposer.model.config import CORE
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.model.problems import Problem
    from decomposer.planning.states import Progress as ContextProgress


def status(options: Options) -> tuple[list[ContextProgress], str, bool, list[Problem]]:
    """How far the core and each context have come, the command that is next, and whether there is a baseline.

    Also where the monolith is, though it is written down that it has been retired there.
    """
    from decomposer.app.routing import percents
    from decomposer.facts.copied import origin
    from decomposer.facts.python import count_lines
    from decomposer.planning.states import Known, next_step, progress
    from decomposer.shell import certificates

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    names = [CORE, *(context.name for context in found.rule_set.contexts)]
    facts, recorded = found.repository.python, certificates.recorded_operations(listing.root)
    known = Known(
        lambda folder: disk.list_folder(listing.root, folder),
        lambda path: facts[path].lines if path in facts else count_lines((listing.root / path).read_bytes()),
        lambda path: bool(origin((listing.root / path).read_bytes())),
        certificates.standings(listing.root, found.config, names), recorded, percents(listing),
    )  # fmt: skip
    contexts = progress(codebase(found), found.rule_set, known)
    return contexts, next_step(contexts, recorded is not None), recorded is not None, \
        not_retired(options, listing, found)  # fmt: skip
