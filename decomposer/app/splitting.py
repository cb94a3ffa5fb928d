"""Long modules in parts: what the command `split` needs, wired together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from decomposer.app.reading import Analysis, Options, analysis
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.graph.modules import Modules
    from decomposer.splitting.asked import Asked
    from decomposer.splitting.classes import LargeClass
    from decomposer.splitting.module import Module
    from decomposer.splitting.proposal import Proposal


def proposed(options: Options, word: str, into: int | None) -> dict[str, Any]:
    """How a module would be split, as a document (see `decomposer.splitting.document`).

    Raises DecomposerError where there is no such module, or it cannot be read.
    """
    from decomposer.splitting.document import proposal_document

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    _, _, proposal, classes = _proposal(found, disk.reader(listing.root), word, into)
    return proposal_document(proposal, classes, found.config.limits.file)


def split(options: Options, word: str, into: int | None) -> Planned:
    """The change set that splits a module, and what a person should know about it.

    Raises DecomposerError where there is no such module, or it cannot be read.
    """
    from decomposer.changeset import Planned, build_changeset
    from decomposer.splitting.checking import Repository, look_after
    from decomposer.splitting.writing import split_writes

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found, read = analysis(options, listing), disk.reader(listing.root)
    module, asked, proposal, classes = _proposal(found, read, word, into)
    problems = _told(proposal, classes, found.config.limits.file, into)
    if proposal.split is None:
        return Planned(build_changeset((), {}), tuple(problems))
    mode = partial(disk.mode, listing.root)
    writes = split_writes(module, proposal.split, asked, mode(module.path))
    facts, paths = found.repository, tuple(listing.python())
    before = Repository(found.config, facts.python, facts.texts, paths, read, mode)
    after = look_after(before, found.graph, module.path, writes)
    change_set = build_changeset(writes, {write.path: read(write.path) for write in writes})
    summary = [f"{part.module}: {part.lines:,} lines" for part in proposal.parts]
    return Planned(change_set, tuple(sorted([*problems, *after.problems])), tuple(summary))


def proposals(
    found: Analysis, read: Callable[[str], bytes | None], names: Iterable[str]
) -> dict[str, Proposal]:  # fmt: skip
    """How each of these modules would be split; those that cannot be read are left out."""
    modules = _modules(found)
    made: dict[str, Proposal] = {}
    for name in names:
        with suppress(DecomposerError):
            made[name] = _of_module(found, modules, read, name, None)[2]
    return made


def _modules(found: Analysis) -> Modules:
    from decomposer.graph.modules import Modules

    config, python = found.config, found.repository.python
    return Modules(config.source, config.package, python, python, config.homes)


def _proposal(
    found: Analysis, read: Callable[[str], bytes | None], word: str, into: int | None
) -> tuple[Module, Asked, Proposal, tuple[LargeClass, ...]]:
    modules = _modules(found)
    return _of_module(found, modules, read, _find(modules, word, found.config.package), into)


def _of_module(
    found: Analysis, modules: Modules, read: Callable[[str], bytes | None], name: str, into: int | None
) -> tuple[Module, Asked, Proposal, tuple[LargeClass, ...]]:
    from decomposer.splitting.asked import read_asked
    from decomposer.splitting.classes import large_classes
    from decomposer.splitting.module import Module
    from decomposer.splitting.proposal import propose
    from decomposer.syntax.methods import read_classes

    config, repository = found.config, found.repository
    path = modules.path_of[name]
    try:
        module = Module(name, path, read(path) or b"")
        classes = large_classes(read_classes(module.source), config.limits.file)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise DecomposerError(Problem(path, 0, "not-understood", f"cannot be split: {error}",
                                      "mend the file first")) from error  # fmt: skip
    asked = read_asked(name, modules, repository.python, repository.texts, read)
    package = f"{module.package}." if module.package else ""
    taken = {other[len(package) :].partition(".")[0] for other in (*modules.path_of, *modules.folders)
             if other.startswith(package)}  # fmt: skip
    return module, asked, propose(module, asked, config.limits.file, into, taken), classes


def _find(modules: Modules, word: str, package: str) -> str:
    """The dotted name of the module that a word means: a path, or a name with or without the package."""
    path = word.removeprefix("./")
    if path in modules.shadowed:
        message = f"is imported by nothing while there is {modules.shadowed[path]}"
        raise DecomposerError(Problem(path, 0, "shadowed", message, "rename or delete one of the two first"))
    name = modules.name_of.get(path, word)
    for told in (name, f"{package}.{name}"):
        if told in modules.path_of:
            return told
    last = word.removesuffix(".py").replace("/", ".").rpartition(".")[2]
    near = ", ".join(sorted(modules.by_last.get(last, ()))[:3])
    hint = f"did you mean {near}?" if near else "name it by its path or its dotted name"
    raise DecomposerError(Problem(word, 0, "no-module", "there is no such module in the package", hint))


def _told(
    proposal: Proposal, classes: tuple[LargeClass, ...], limit: int, into: int | None
) -> list[Problem]:
    """Warnings: why a module is not split as it should be, and the classes that no split makes short enough."""
    from decomposer.report.splitting import class_lines
    from decomposer.splitting.document import proposal_document

    problems = [
        Problem(proposal.path, one["line"], "long-class", class_lines(one), severity="warning")
        for one in proposal_document(proposal, classes, limit)["classes"]
    ]
    if proposal.why and (proposal.lines > limit or into):
        problems.append(Problem(proposal.path, 0, "not-split", f"is not split: {proposal.why}", severity="warning"))
    elif into and len(proposal.parts) < into:
        problems.append(Problem(proposal.path, 0, "not-split", f"falls into no more than {len(proposal.parts)} modules",
                                severity="warning"))  # fmt: skip
    return problems
