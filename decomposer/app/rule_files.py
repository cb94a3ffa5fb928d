"""The rule files as they may be written: a team's own where they lie, or the tool's, which become the team's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from decomposer.app.options import Options
from decomposer.app.reading import Analysis
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import disk, locate

if TYPE_CHECKING:
    from decomposer.assigning.owners import Idle

OWN_RULES = "decompose-rules"
"""Where the tool's own rules go when a team begins to change them."""


class RuleFiles(Struct, frozen=True):
    """The texts by the paths that the rules know, where these lie in the repository, and what is written besides."""

    texts: Mapping[str, str]
    target: str
    more: Mapping[str, str]

    @property
    def folder(self) -> str:
        """The folder of rules as the rules know it."""
        return next(iter(self.texts)).rpartition("/")[0]

    def written(self, changed: Mapping[str, str]) -> dict[str, str]:
        """What is to be written, by its path in the repository, when these texts change."""
        there = {f"{self.target}{path.removeprefix(self.folder)}": text for path, text in changed.items()}
        return {**self.more, **there} if there else {}


def has_own(options: Options, found: Analysis) -> bool:
    """Whether a team has rules of its own."""
    return options.rules is not None or bool(found.config.rules)


def rule_files(listing: disk.Listing, options: Options, found: Analysis, idle: Iterable[Idle]) -> RuleFiles:
    """The rule files, where they are to be changed.

    Where a team has no rules of its own yet it gets the tool's, but for those that are `idle`, and the configuration
    names them. Raises DecomposerError for rules outside the repository.
    """
    from decomposer.placing.rule_files import without_idle
    from decomposer.shell.configuring import BUNDLED_FOR

    root, config = listing.root, found.config
    files = locate.read_rule_files(root, options.rules, config.rules, config.root() == BUNDLED_FOR)
    if options.rules is not None:
        inside = os.path.relpath(os.path.realpath(options.rules), os.path.realpath(root)).replace(os.sep, "/")
        if inside.startswith(".."):
            raise DecomposerError(Problem(str(options.rules), 0, "outside", "these rules lie outside the repository: "
                                          "nothing is written there", "do it without --rules"))  # fmt: skip
        return RuleFiles(files, inside, {})
    if config.rules:
        return RuleFiles(files, config.rules.rstrip("/"), {})
    files |= without_idle(files, idle)
    own = {f"{OWN_RULES}/{path.rpartition('/')[2]}": text for path, text in files.items()}
    own |= _configuration(found, locate.find_configuration(root, options.config))
    return RuleFiles(files, OWN_RULES, own)


def _configuration(found: Analysis, written: tuple[str, str] | None) -> dict[str, str]:
    """The configuration with the folder of rules in it, by its path."""
    from decomposer.placing.rule_files import with_rules_folder

    if written is None:
        config = found.config
        told = {"source": config.source or ".", "package": config.package, "entry": list(config.entries)}
        return {"decompose.toml": with_rules_folder("", OWN_RULES, told, ())}
    path, text = written
    at = ("tool", "decompose") if path.endswith("pyproject.toml") else ()
    return {path: with_rules_folder(text, OWN_RULES, {}, at)}
