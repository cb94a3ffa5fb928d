"""Dead code: what the command `prune` needs, wired together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from decomposer.app.extracting import tree_of
from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.app.rule_files import has_own, rule_files
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.extracting.tree import Tree
    from decomposer.model.dead_code import DeadCode, Outline
    from decomposer.model.problems import Problem
    from decomposer.pruning.words import Words


def find_dead_code(found: Analysis, tree: Tree, words: Words | None = None) -> DeadCode:
    """Everything that nothing reaches, the surest first, with the evidence; nothing where no application is known.

    `tree` is the repository as it was read, or would be after some changes, `words` what is known of its files already.
    """
    from decomposer.model.dead_code import DeadCode
    from decomposer.pruning.belief import dead_code
    from decomposer.pruning.starting import is_page
    from decomposer.pruning.words import Words

    if tree.code.entry not in tree.code.modules.path_of:
        return DeadCode((), ())
    own = ("decompose.toml", *((f"{found.config.rules.rstrip('/')}/",) if found.config.rules else ()))
    there, words = frozenset(tree.everything), words or Words()
    files = [path for path in found.repository.digests
             if path in there and not path.startswith(own)]  # rules name every file
    files += [path for path in tree.below("") if is_page(path)]
    return dead_code(tree.config, tree.code.symbols, tree.graph, tree.python, _outlines(tree, words), files,
                     tree.read, words, frozenset(filter(tree.code.is_alias, tree.code.modules.path_of)),
                     not any(problem.code == "route-not-understood" for problem in found.problems))  # fmt: skip


def dead(options: Options) -> dict[str, Any]:
    """The findings as a document (see `decomposer.report.dead_code`).

    Raises DecomposerError where no application is known: everything would seem dead.
    """
    from decomposer.report.dead_code import dead_code_document

    _, found, tree = _read(options)
    contexts = {path: owner.context for path, owner in found.assignment.owners.items()}
    return dead_code_document(find_dead_code(found, tree), contexts)


def prune(options: Options, subjects: tuple[str, ...], degree: str, with_tests: bool) -> Planned:
    """The change set that takes dead code out: what is named, or of a degree that is as sure ("" for none).

    Raises DecomposerError for what is not dead, and where no application is known.
    """
    planned, _ = pruned(options, *_read(options), subjects, degree, with_tests)
    return _with_next(options, planned)


def pruned(
    options: Options, listing: disk.Listing, found: Analysis, tree: Tree, subjects: tuple[str, ...], degree: str,
    with_tests: bool,
) -> tuple[Planned, Tree]:  # fmt: skip
    """The same of a repository that has been read, and the repository as it would be."""
    from decomposer.changeset import Planned
    from decomposer.pruning.rounds import prune
    from decomposer.pruning.words import Words

    done = prune(tree, partial(find_dead_code, found, words=Words()), subjects, degree, with_tests)
    planned = Planned(done.change_set, done.problems, done.summary)
    return _owned_alike(options, listing, found, tree, planned, done.after) if done.summary else (planned, done.after)


def _owned_alike(
    options: Options, listing: disk.Listing, found: Analysis, tree: Tree, planned: Planned, after: Tree
) -> tuple[Planned, Tree]:
    """The change with that of the rules which keeps whose every file is, and the repository as both leave it."""
    from dataclasses import replace

    from decomposer.changeset import Write, build_changeset, composed
    from decomposer.model.problems import DecomposerError
    from decomposer.pruning.owning import kept_owners, lost_owners, owner_lost

    lost = lost_owners(tree, after)
    if not (lost or has_own(options, found)):
        return planned, after
    try:
        files = rule_files(listing, options, found, after.assignment.idle)
    except DecomposerError:  # they are somebody else's
        told = [owner_lost(tree, context, path) for context, paths in lost.items() for path in paths]
        return replace(planned, problems=tuple(sorted([*planned.problems, *told]))), after
    texts = kept_owners(tree, after, files.texts)
    written = files.written(texts)
    change_set = build_changeset([Write(path, text.encode(), "prune") for path, text in sorted(written.items())],
                                 {path: tree.read(path) for path in written})  # fmt: skip
    summary = [f"{context} keeps {', '.join(paths)}: its rules say so now" for context, paths in lost.items()]
    planned = replace(planned, change_set=composed(planned.change_set, change_set),
                      summary=(*planned.summary, *summary))  # fmt: skip
    return planned, after.ruled({**files.texts, **texts})


def _with_next(options: Options, planned: Planned) -> Planned:
    """The same with what is next, and a warning where that could not be done any more."""
    from dataclasses import replace

    from decomposer.model.problems import Problem
    from decomposer.shell import certificates

    if not planned.summary:
        return planned
    if certificates.recorded_operations(locate.find_repository(options.repo)) is not None:
        return replace(planned, summary=(*planned.summary, "next: decompose verify"))
    told = Problem(certificates.BASELINE, 0, "no-baseline", "is not there: afterwards nothing can tell whether the "
                   "application is as it was", "record it before: decompose verify --baseline", "warning")  # fmt: skip
    return replace(planned, problems=(*planned.problems, told))


def _read(options: Options) -> tuple[disk.Listing, Analysis, Tree]:
    from decomposer.model.problems import DecomposerError, Problem

    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    tree = tree_of(listing, found)
    if tree.code.entry not in tree.code.modules.path_of:
        raise DecomposerError(Problem(found.config.root(), 0, "no-entry", "no application is known to look from",
                                      'name it in decompose.toml: entry = ["module:attribute"]'))  # fmt: skip
    return listing, found, tree


def _outlines(tree: Tree, words: Words) -> dict[str, Outline]:
    """The outlines of the package's files, but for those that Python cannot read."""
    code = tree.code
    names = {d.name for path in code.modules.name_of for d in tree.python[path].definitions if "." not in d.name}
    names |= {module.rpartition(".")[2] for module in code.modules.path_of}
    found = {path: words.outline(tree.read(path) or b"", names) for path in code.modules.name_of}
    return {path: outline for path, outline in found.items() if outline is not None}


def remember_shown(options: Options, planned: Planned, asked: tuple[str, ...]) -> None:
    """Notes that somebody was shown a change, which may be made from then on."""
    from decomposer.shell.shown import remember

    remember(locate.find_repository(options.repo), planned.change_set, asked)


def refusal(options: Options, subjects: tuple[str, ...], asked: tuple[str, ...], hint: str) -> Planned | None:
    """A change of nothing with the error that nobody was shown what is asked for; None where somebody may have been.

    Raises DecomposerError for what is no file, and no module, function or class either.
    """
    from decomposer.changeset import ChangeSet, Planned
    from decomposer.shell.shown import may_be_shown

    root = locate.find_repository(options.repo)
    if may_be_shown(root, asked):
        return None
    unsure = tuple(one for one in subjects if not (root / one).exists())
    if unsure:
        prune(options, unsure, "", with_tests=False)  # for what it raises
    return Planned(ChangeSet(), (_not_shown(hint),))


def only_if_shown(options: Options, planned: Planned, hint: str) -> Planned:
    """A change, with an error that stops it unless it is the one that was shown last."""
    from dataclasses import replace

    from decomposer.shell.shown import is_shown

    if not planned.change_set.changes or is_shown(locate.find_repository(options.repo), planned.change_set):
        return planned
    return replace(planned, problems=(*planned.problems, _not_shown(hint)))


def _not_shown(hint: str) -> Problem:
    from decomposer.model.problems import Problem

    return Problem(".", 0, "not-shown", "what would be deleted has not been shown, as it is now", hint)
