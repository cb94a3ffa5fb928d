"""Whose what stays is when dead code goes: the same contexts', though a rule may have followed what goes."""

from __future__ import annotations

from collections.abc import Mapping

from decomposer.assigning.traits import below_package
from decomposer.extracting.tree import Tree
from decomposer.model.problems import Problem
from decomposer.placing.rule_files import place_of, with_rule, without_idle


def lost_owners(before: Tree, after: Tree) -> dict[str, list[str]]:
    """By context the files that it would not own any more."""
    found: dict[str, list[str]] = {}
    for path, owner in sorted(before.assignment.owners.items()):
        if owner.context and path in after.assignment.owners and after.assignment.context(path) != owner.context:
            found.setdefault(owner.context, []).append(path)
    return found


def kept_owners(before: Tree, after: Tree, files: Mapping[str, str]) -> dict[str, str]:
    """The texts of rule files that change: contexts keep their files, and no pattern stays that matched only what goes.

    `files` are the texts of the rule files that may be written, by path.
    """
    known = frozenset(before.assignment.idle)
    texts = without_idle(files, [one for one in after.assignment.idle if one not in known])
    for context, paths in lost_owners(before, after).items():
        place = place_of(before.rule_set, context)
        below = [below_package(before.config, path) for path in paths]
        reason = f"What used {'it' if len(paths) == 1 else 'them'} was dead code."
        loudest = max(after.assignment.owners[path].precedence for path in paths)
        texts[place] = with_rule(texts.get(place) or files[place], below, reason, loudest)
    return texts


def owner_lost(before: Tree, context: str, path: str) -> Problem:
    """The warning for a file that a context would not own any more, where its rules are not to be written."""
    below = below_package(before.config, path)
    return Problem(path, 0, "owner-changes", f"is `{context}`'s for what uses it, which goes",
                   f'say so in the rules: paths = ["{below}"]', "warning")  # fmt: skip
