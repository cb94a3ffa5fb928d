"""Whose the parts of a module are: the same context's, by a rule of their own where the rules say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from decomposer.assigning.owners import assign
from decomposer.assigning.traits import below_package, file_traits, gone_files
from decomposer.model.config import Config, Owner, RuleSet
from decomposer.model.problems import Problem
from decomposer.placing.rule_files import place_of, with_rule
from decomposer.splitting.checking import After


def owned_alike(
    config: Config, rule_set: RuleSet, owner: Owner | None, paths: Iterable[str], after: After, files: Mapping[str, str]
) -> tuple[dict[str, str], list[Problem]]:
    """The texts of rule files that change so that the `owner` of a module has all of its parts, and what to know.

    `paths` are the old module's and those of its parts, `files` the texts of the rule files that may be written.
    """
    if owner is None or not owner.context:
        return {}, []
    traits = file_traits(config, after.graph, after.python)
    owners = assign(rule_set, traits, after.graph, gone_files(config, traits)).owners
    strays = [path for path in paths if path in owners and owners[path].context != owner.context]
    if not strays:
        return {}, []
    place = place_of(rule_set, owner.context)
    if place in files:
        below = [below_package(config, path) for path in strays]
        loudest = max(owners[path].precedence for path in strays)
        reason = f"It is a part of {below_package(config, owner.path)}, which was split."
        return {place: with_rule(files[place], below, reason, loudest)}, []
    return {}, [
        Problem(path, 0, "owner-changes", f"goes to `{owners[path].context or 'nobody'}` by the rules, and "
                f"{below_package(config, owner.path)} to `{owner.context}`",
                f'say so in the rules: paths = ["{below_package(config, path)}"]', "warning")
        for path in strays
    ]  # fmt: skip
