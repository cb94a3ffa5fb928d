"""What a pipeline asks: the command `check`, wired together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from decomposer.app.extracting import tree_of, way_of
from decomposer.app.options import Options
from decomposer.app.reading import analysis
from decomposer.model.counting import counted
from decomposer.model.near import known_names
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.gating.baseline import Key
    from decomposer.gating.scene import Scene
    from decomposer.model.findings import Finding


def check(options: Options, names: tuple[str, ...], baseline: Path | None) -> tuple[list[Finding], list[Key]]:
    """What some checks (all where none is named) find, each with whether it is known; the entries that are not found.

    Raises DecomposerError for a check that there is not, and a baseline that cannot be read.
    """
    return known(*_found(options, names), baseline)


def known(
    listing: disk.Listing, found: list[Finding], wanted: tuple[str, ...], baseline: Path | None
) -> tuple[list[Finding], list[Key]]:  # fmt: skip
    """Findings with whether each is in the baseline, and what of that is not found any more."""
    from decomposer.gating.baseline import compared, read_baseline

    path = _path(listing, baseline)
    content = disk.reader(listing.root)(path)
    if content is None and baseline is not None:
        raise DecomposerError(Problem(path, 0, "no-baseline", "is not there",
                                      "decompose check --update-baseline writes it"))  # fmt: skip
    entries = read_baseline(path, content) if content is not None else {}
    return compared(found, {key: size for key, size in entries.items() if key.check in wanted})


def update(options: Options, names: tuple[str, ...], baseline: Path | None) -> Planned:
    """The change of the baseline: what is not found any more leaves it; all that is found enters it the first time.

    Raises DecomposerError for a check that there is not, and a baseline that cannot be read.
    """
    from decomposer.changeset import Planned, Write, build_changeset
    from decomposer.gating.baseline import begun, read_baseline, shrunk, stays, written

    listing, found, wanted = _found(options, names)
    path = _path(listing, baseline)
    content = disk.reader(listing.root)(path)
    if content is None:
        entries = dict(begun(found))
    else:
        before = read_baseline(path, content)
        kept = {key: size for key, size in before.items() if key.check not in wanted}
        entries = kept | dict(shrunk(found, {key: size for key, size in before.items() if key not in kept}))
    change_set = build_changeset([Write(path, written(entries), "the baseline of check")], {path: content})
    count = counted(len(entries), "known finding")
    return Planned(change_set, tuple(stays(found, entries, path)), (f"the baseline has {count}",))


def boundaries(options: Options) -> str:
    """The boundaries between contexts as a configuration of import-linter."""
    from decomposer.gating.linting import import_linter

    return import_linter(_scene(options)[1])


def _scene(options: Options) -> tuple[disk.Listing, Scene]:
    import datetime

    from decomposer.gating.scene import Scene

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    return listing, Scene(tree_of(listing, found), datetime.date.today(), way_of(listing, found).template)


def _found(options: Options, names: tuple[str, ...]) -> tuple[disk.Listing, list[Finding], tuple[str, ...]]:
    from decomposer.gating import CHECKS, findings

    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise DecomposerError(Problem(unknown[0], 0, "no-check", "there is no check of that name",
                                      known_names(unknown[0], [*CHECKS], "known checks")))  # fmt: skip
    wanted = tuple(name for name in CHECKS if not names or name in names)
    listing, scene = _scene(options)
    return listing, findings(scene, wanted), wanted


def _path(listing: disk.Listing, baseline: Path | None) -> str:
    """The baseline's path in the repository; raises DecomposerError for one outside of it."""
    import os

    from decomposer.gating.baseline import FILE

    if baseline is None:
        return FILE
    try:
        return Path(os.path.abspath(baseline)).relative_to(os.path.abspath(listing.root)).as_posix()
    except ValueError as error:
        raise DecomposerError(Problem(str(baseline), 0, "usage", "lies outside the repository",
                                      "the baseline is to be committed with it")) from error  # fmt: skip
