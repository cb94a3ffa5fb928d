"""A better placement: what the command `suggest` needs, wired together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from decomposer.app.options import Options
from decomposer.app.reading import Analysis, analysis
from decomposer.app.rule_files import rule_files
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.changeset import Planned
    from decomposer.placing.situation import Placement, Situation
    from decomposer.placing.suggestions import Suggestion


_HINT = ("make code smaller: decompose prune --degree dead-code, then decompose split FILE; decompose limits tells "
         "what brings each service below the limit")  # fmt: skip


def suggest(options: Options) -> dict[str, Any]:
    """The suggestions as a document (see `decomposer.report.suggestions`).

    Raises DecomposerError where OR-tools is not installed.
    """
    from decomposer.placing.suggestions import accepted, divisions, suggestions
    from decomposer.report.suggestions import suggestions_document

    situation = situation_of(_analysed(options)[1])
    found = suggestions(situation)
    placement = accepted(situation, found)
    return suggestions_document(situation, found, placement, divisions(situation, placement))


def accept(options: Options, wanted: tuple[str, ...]) -> Planned:
    """The change set that writes suggestions into the rule files: by number, "all", or parts of a context by its name.

    Raises DecomposerError for what was not suggested, and where the rules are not in the repository.
    """
    from decomposer.assigning.owners import assign
    from decomposer.assigning.traits import file_traits, gone_files
    from decomposer.changeset import Planned, Write, build_changeset
    from decomposer.placing.rule_files import with_rules
    from decomposer.rules.contexts import read_rules

    listing, found = _analysed(options)
    situation = situation_of(found)
    chosen = _chosen(situation, wanted)
    files = rule_files(listing, options, found, found.assignment.idle)
    written = with_rules(files.texts, found.rule_set, found.assignment.owners, chosen, files.folder)
    traits = file_traits(found.config, found.graph, found.repository.python)
    told = assign(read_rules({**files.texts, **written}), traits, found.graph, gone_files(found.config, traits))
    placement = {path: owner.context for path, owner in told.owners.items() if owner.context}
    texts = files.written(written)
    read = disk.reader(listing.root)
    change_set = build_changeset([Write(path, text.encode(), "suggest") for path, text in sorted(texts.items())],
                                 {path: read(path) for path in texts})  # fmt: skip
    problems = tuple(_problems(situation, chosen, placement))
    is_refused = any(problem.severity == "error" for problem in problems)
    return Planned(change_set, problems, () if is_refused else ("next: decompose analyze",))


def _analysed(options: Options) -> tuple[disk.Listing, Analysis]:
    listing = disk.list_files(locate.find_repository(options.repo), options.scanned)
    found = analysis(options, listing)
    if not found.rule_set.contexts:
        raise DecomposerError(Problem("rules", 0, "no-rules", "there is no context to place anything in",
                                      "decompose init writes the first rule files"))  # fmt: skip
    return listing, found


def situation_of(found: Analysis) -> Situation:
    """What a better placement starts from."""
    from decomposer.placing.situation import Situation

    main = (found.config.entries or ("",))[0]
    return Situation(found.config, found.rule_set, found.graph, found.assignment, found.repository.python,
                     [route for route in found.graph.routes if route.entry and route.entry == main])  # fmt: skip


def _chosen(situation: Situation, wanted: Iterable[str]) -> list[Suggestion]:
    """The suggestions that were accepted; contexts are divided as they are with the changes beside them."""
    from decomposer.placing.suggestions import accepted, divisions, suggestions

    every = suggestions(situation)
    numbers = {str(one.number): one for one in every}
    chosen: list[Suggestion] = []
    contexts = []
    for word in wanted:
        if word == "all":
            chosen += [one for one in every if one not in chosen]
        elif word in numbers:
            chosen += [numbers[word]] if numbers[word] not in chosen else []
        elif word in situation.contexts:
            contexts.append(word)
        else:
            known = ", ".join([*numbers, "all"]) if every else "none"
            raise DecomposerError(Problem("--accept", 0, "no-suggestion", f"there is no suggestion `{word}`",
                                          f"suggestions: {known}; or a context that is too large"))  # fmt: skip
    divided = divisions(situation, accepted(situation, chosen)) if contexts else {}
    for context in contexts:
        if context not in divided:
            raise DecomposerError(Problem("--accept", 0, "no-suggestion", f"`{context}` fits its limit or cannot be "
                                          "divided"))  # fmt: skip
        leaving = {path for one in divided[context] for path in one.files}
        chosen = [one for one in chosen if not leaving & set(one.files)] + divided[context]
    return chosen


def _parts_over(situation: Situation, chosen: list[Suggestion], placement: Placement) -> Iterator[Problem]:
    """What of a context that is divided is over the limit all the same: an error where that is more than one part."""
    sizes, limit = situation.sizes(placement), situation.limits.service
    for context in sorted({one.source for one in chosen if one.is_new}):
        parts = [context, *(one.target for one in chosen if one.is_new and one.source == context)]
        over = [f"{name} {sizes[name]:,}" for name in parts if sizes[name] >= limit]
        if over:
            told = f"of the parts of {context}, {' and '.join(over)} lines would not be below the limit of {limit:,}"
            yield Problem("--accept", 0, "parts-over", told, _HINT, "warning" if len(over) == 1 else "error")


def _problems(situation: Situation, chosen: list[Suggestion], placement: Placement) -> list[Problem]:
    """Errors for a change that makes worse what must hold, or does not come about; warnings for what follows it."""
    from decomposer.placing.suggestions import accepted, newly_owned

    wished = accepted(situation, chosen)
    problems: list[Problem] = []
    former = {one.target: one.source for one in chosen if one.is_new}
    then = situation.hard(placement, former)
    problems += _parts_over(situation, chosen, placement)
    worse = then.worse_than(situation.hard(situation.now), newly_owned(situation, chosen))
    if worse and not any(problem.severity == "error" for problem in problems):
        needs = sorted({str(number) for one in chosen for number in one.needs})
        problems.append(Problem(
            "--accept", 0, "worse", f"with these alone {' and '.join(worse)}",
            f"accept {', '.join(needs)} with them" if needs else _HINT,
        ))  # fmt: skip
    for path in sorted(situation.lines):
        if placement.get(path, "") != wished.get(path, ""):
            meant = any(path in one.files for one in chosen)
            problems.append(Problem(
                path, 0, "placed-otherwise", f"goes to `{placement.get(path) or 'nobody'}`, not to "
                f"`{wished.get(path) or 'nobody'}`" + ("" if meant else ": it follows its users"), "",
                "error" if meant else "warning",
            ))  # fmt: skip
    return problems
