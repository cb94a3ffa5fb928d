"""What a configuration says of the contexts and of the repository, where these are not so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from decomposer.model.config import Config, RuleSet
from decomposer.model.near import known_names
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import locate


def misfits(config: Config, rule_set: RuleSet, root: Path, given: Path | None) -> list[Problem]:
    """A warning for each entry of `exclude` that there is nothing for.

    `given` is the configuration that was named. Raises DecomposerError for a context that nobody defines, and a folder
    of templates that is not there: the tool's own would be used without a word.
    """
    errors = [*_unknown_rest(config, rule_set, root, given), *_missing_templates(config, root, given)]
    if errors:
        raise DecomposerError(errors)
    return [
        Problem(config.origin, _line(root, given, "exclude", number), "excludes-nothing",
                f"`exclude` names {path}, and there is no such file or folder", "paths are relative to the repository",
                "warning")
        for number, path in enumerate(config.exclude) if not (root / path).exists()
    ]  # fmt: skip


def _unknown_rest(config: Config, rule_set: RuleSet, root: Path, given: Path | None) -> Iterator[Problem]:
    names, rest = [context.name for context in rule_set.contexts], config.finish.rest
    if rest and names and rest not in names:
        yield Problem(config.origin, _line(root, given, "finish", "rest"), "config", f"`rest` names the context "
                      f"`{rest}`, which no rule file defines", known_names(rest, names, "known contexts"))  # fmt: skip


def _missing_templates(config: Config, root: Path, given: Path | None) -> Iterator[Problem]:
    if config.templates and not (root / config.templates).is_dir():
        yield Problem(config.origin, _line(root, given, "templates"), "no-templates", f"there is no such folder of "
                      f"templates: {config.templates}", "paths are relative to the repository")  # fmt: skip


def _line(root: Path, given: Path | None, *place: str | int) -> int:
    """The line at which the configuration says something."""
    from decomposer.rules.toml import Document

    written = locate.find_configuration(root, given)
    if written is None:
        return 0
    at = ("tool", "decompose") if written[0].endswith("pyproject.toml") else ()
    return Document(*written).line((*at, *place))
