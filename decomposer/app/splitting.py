"""Long modules in parts: what the command `split` needs, wired together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.graph.modules import Modules
    from decomposer.splitting.reading import Reading


def proposed(options: Options, word: str, into: int | None, with_classes: bool = False) -> dict[str, Any]:
    """How a module would be split, as a document (see `decomposer.splitting.document`).

    Raises DecomposerError where there is no such module, or it cannot be read.
    """
    from decomposer.splitting.document import proposal_document

    _, found, reading = _read(options, word, into, with_classes)
    return proposal_document(reading, found.config.limits.file, into)


def split(
    options: Options, word: str, into: int | None, follow: bool = True, with_classes: bool = False
) -> Planned:
    """The change set that splits a module, and what a person should know about it.

    With `follow`, others import from the new modules what has gone there; `with_classes` says whether classes that keep
    it over the limit are divided. Raises DecomposerError where there is no such
    module, or it cannot be read.
    """
    from decomposer.changeset import Planned, Write, build_changeset
    from decomposer.splitting.checking import Repository
    from decomposer.splitting.owning import owned_alike
    from decomposer.splitting.writing import look_at_split

    listing, found, reading = _read(options, word, into, with_classes)
    problems = _told(reading, found.config.limits.file, into)
    if reading.proposal.split is None:
        return Planned(build_changeset((), {}), tuple(problems))
    module, facts = reading.module, found.repository
    read, mode = disk.reader(listing.root), partial(disk.mode, listing.root)
    before = Repository(found.config, facts.python, facts.texts, tuple(listing.python()), read, mode)
    writes, after = look_at_split(before, found.graph, module, reading.proposal.split, reading.asked, follow)
    parts = [write.path for write in writes if write.path == module.path or read(write.path) is None]
    rules, strays = owned_alike(
        found.config, found.rule_set, found.assignment.owners.get(module.path), parts, after,
        _rule_files(listing, options, found),
    )  # fmt: skip
    writes += [Write(path, text.encode(), "split") for path, text in sorted(rules.items())]
    change_set = build_changeset(writes, {write.path: read(write.path) for write in writes})
    summary = [f"{part.module}: {part.lines:,} lines" for part in reading.proposal.parts]
    return Planned(change_set, tuple(sorted([*problems, *after.problems, *strays])), tuple(summary))


def proposals(found: Analysis, read: Callable[[str], bytes | None], names: Iterable[str]) -> dict[str, Reading]:
    """How each of these modules would be split, with classes divided where only that brings it below the limit.

    Those that cannot be read are left out.
    """
    from decomposer.splitting.reading import read_proposal

    modules, facts = _modules(found), found.repository
    made: dict[str, Reading] = {}
    for name in names:
        with suppress(DecomposerError):
            made[name] = read_proposal(found.config, modules, facts.texts, read, name, with_classes=True)
    return made


def _read(
    options: Options, word: str, into: int | None, with_classes: bool
) -> tuple[disk.Listing, Analysis, Reading]:  # fmt: skip
    from decomposer.splitting.reading import read_proposal

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    texts, read = found.repository.texts, disk.reader(listing.root)
    return listing, found, read_proposal(found.config, _modules(found), texts, read, word, into, with_classes)


def _modules(found: Analysis) -> Modules:
    from decomposer.graph.modules import Modules

    config, python = found.config, found.repository.python
    return Modules(config.source, config.package, python, python, config.homes)


def _rule_files(listing: disk.Listing, options: Options, found: Analysis) -> dict[str, str]:
    """The texts of the rule files in the repository, by path; none where other rules are used."""
    if not found.config.rules or options.rules is not None:
        return {}
    return locate.read_rule_files(listing.root, None, found.config.rules, False)


def _told(reading: Reading, limit: int, into: int | None) -> list[Problem]:
    """Warnings: why a module is not split as it should be, and the parts and classes that stay too long."""
    from decomposer.report.splitting import calls_across, class_lines, over_limit
    from decomposer.splitting.document import proposal_document

    proposal = reading.proposal
    document = proposal_document(reading, limit)
    whole = {one.name for one in reading.wholes}
    problems = [
        Problem(proposal.path, one["line"], "long-class", class_lines(one), severity="warning",
                hint="" if one["name"] in whole else f"divide it: decompose split {proposal.module} --classes")
        for one in document["classes"]
    ]
    problems += [
        Problem(proposal.path, one.line, "not-divided", f"`{one.name}` is not divided: {one.why}", severity="warning")
        for one in reading.wholes
    ]
    problems += [
        Problem(proposal.path, one["line"], "calls-across", calls_across(one), severity="warning")
        for one in document["divided"] if one["calls_across"]
    ]
    problems += [
        Problem(proposal.path, 0, "part-over-limit", told, severity="warning")
        for part in document["parts"] if (told := over_limit(part, limit))
    ]  # fmt: skip
    if proposal.walked:
        path, line = proposal.walked
        told = f"uses {proposal.module} as a value, and would meet its names in another order: {proposal.why}"
        hint = "move that above or below them first, if it may stand there"
        return [*problems, Problem(path, line, "order-changes", told, hint)]
    why = ""
    if proposal.why and (proposal.lines > limit or into):
        why = f"is not split: {proposal.why}"
    elif into and len(proposal.parts) < into:
        why = f"falls into no more than {len(proposal.parts)} modules"
    return [*problems, Problem(proposal.path, 0, "not-split", why, severity="warning")] if why else problems
