"""The end of the monolith: the command `finish`, wired together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from decomposer.app.extracting import tree_of, way_of
from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.finishing.ending import Ending
    from decomposer.model.problems import Problem


def steps(options: Options) -> dict[str, Any]:
    """The steps of the monolith's end and how each stands (see `decomposer.report.finishing`)."""
    from decomposer.finishing import next_step, standings
    from decomposer.report.finishing import finish_document

    ending = _ending(options)
    found = standings(ending)
    return finish_document(found, next_step(found, ending))


def finish(options: Options, step: str, sunset: str) -> Planned:
    """The change set of one step, and what is in its way.

    Raises DecomposerError for a step that there is not.
    """
    from decomposer.finishing import plan

    return plan(_ending(options), step, sunset)


def not_retired(options: Options, listing: disk.Listing, found: Analysis) -> list[Problem]:
    """A warning for each file that has the monolith, though the configuration says that it does without."""
    from decomposer.finishing.retiring import still_there

    ending = _ending_of(options, listing, found) if found.config.finish.retired else None
    return [one for target in ending.finish.retired for one in still_there(ending, target)] if ending else []


def _ending(options: Options) -> Ending:
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    return _ending_of(options, listing, analysis(options, listing))


def _ending_of(options: Options, listing: disk.Listing, found: Analysis) -> Ending:
    import datetime

    from decomposer.app.routing import percents
    from decomposer.finishing.ending import CONFIGURATION, Ending
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.shell import certificates

    written = locate.find_configuration(listing.root, options.config)
    place = written[0] if written is not None else CONFIGURATION
    if options.config is not None:
        place = os.path.relpath(os.path.abspath(options.config), os.path.realpath(listing.root))
        if place.startswith("../"):
            raise DecomposerError(Problem(str(options.config), 0, "outside", "lies outside the repository, and how the "
                                          "monolith ends is written there", "copy it into the repository"))  # fmt: skip
    names = [context.name for context in found.rule_set.contexts]
    verified = {name for name in names if certificates.is_current(listing.root, found.config, name)}
    return Ending(tree_of(listing, found), way_of(listing, found), datetime.date.today(), verified, percents(listing),
                  place)  # fmt: skip
