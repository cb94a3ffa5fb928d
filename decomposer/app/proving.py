"""The command that runs the code: the baseline, and certificates of what has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.model.certificate import Certificate
    from decomposer.model.probes import Baseline
    from decomposer.verifying import Wish
    from decomposer.verifying.situation import Situation


def verify_baseline(options: Options, wish: Wish, path: tuple[str, ...], force: bool = False) -> Baseline:
    """The monolith as it runs now, kept for `verify` to compare with; this executes it.

    Raises DecomposerError when it does not boot.
    """
    from decomposer.verifying.situation import record

    return record(_situation(options, path), wish, force)


def verify(options: Options, wish: Wish, path: tuple[str, ...], contexts: tuple[str, ...]) -> list[Certificate]:
    """The certificates of contexts, of all that have left where none is named, which are kept; this executes code.

    Raises DecomposerError when there is no baseline, a context has not left, or no rule file defines it.
    """
    from msgspec.structs import replace

    from decomposer.app.extracting import must_be_known, tree_of, way_of
    from decomposer.extracting.calls_drift import drift_by_context
    from decomposer.verifying.situation import verify

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    must_be_known(found, contexts)
    wish = replace(wish, calls=lambda: drift_by_context(tree_of(listing, found), way_of(listing, found).template))
    return verify(_seen(listing, found, path), wish, contexts)


def _situation(options: Options, path: tuple[str, ...]) -> Situation:
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    return _seen(listing, analysis(options, listing), path)


def _seen(listing: disk.Listing, found: Analysis, path: tuple[str, ...]) -> Situation:
    from decomposer.verifying.situation import Situation

    return Situation(listing, found.config, found.rule_set, found.graph, found.assignment, path)
