"""The configuration and the rules of a repository: as written, as told on the command line, or as found."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import structs

from decomposer.graph.discovery import applications
from decomposer.graph.entries import unknown_entries
from decomposer.model.config import Config, RuleSet
from decomposer.model.problems import DecomposerError, Problem
from decomposer.shell import locate
from decomposer.shell.cache import Cache
from decomposer.shell.disk import Listing
from decomposer.shell.reading import Repository
from decomposer.shell.scan import digest

BUNDLED_FOR = "apps/coordinator-api/src/app"
"""The layout that the tool's own rules are written for; any other monolith brings its own."""


def read_config(listing: Listing, given: Path | None) -> Config:
    """The configuration as written in the file given or the repository's own, else as found by looking.

    Raises DecomposerError for a configuration that is wrong, and when there is no monolith to be found.
    """
    written = locate.find_configuration(listing.root, given)
    if written is None:
        return find_config(listing)
    from decomposer.rules.configuration import read_configuration

    config = read_configuration(*written)
    if config is None:
        return find_config(listing)
    if not config.package:
        found = find_config(listing)
        return structs.replace(config, source=found.source, package=found.package, entries=found.entries)
    return _checked(config, listing, "`source` is the folder that holds the package, relative to the repository")


def find_config(listing: Listing) -> Config:
    """The configuration of the largest package that makes a FastAPI application.

    Raises DecomposerError when there is none.
    """
    from decomposer.shell.discovering import discover  # reads files, which a configured repository need not

    found = discover(listing.root, listing.python())
    if found is None:
        raise DecomposerError(Problem(
            str(listing.root), 0, "no-monolith", "no file in a package here makes a FastAPI application",
            "name the package: decompose init --source DIR --package NAME --entry MODULE:ATTR",
        ))  # fmt: skip
    return found


def told_config(listing: Listing, source: str, package: str) -> Config:
    """A configuration as told on the command line.

    Raises DecomposerError when there is no such package.
    """
    from decomposer.rules.configuration import plain_folder

    folder = plain_folder(source)
    config = Config("" if folder == "." else folder, package, (), origin="decompose.toml")
    return _checked(config, listing, "--source is the folder that holds the package")


def with_entries(config: Config, repository: Repository) -> Config:
    """The configuration with its entry application, found from the code when none is written."""
    if config.entries:
        return config
    prefix = config.root() + "/"
    inside = {path: facts for path, facts in repository.python.items() if path.startswith(prefix)}
    found = applications(config.source, config.package, inside)
    return structs.replace(config, entries=tuple(entry for _, entry in found[:1]))


def must_have_entries(config: Config, repository: Repository, written: tuple[str, str] | None) -> None:
    """Raises DecomposerError for each entry of a configuration that leads nowhere, at its line.

    `written` are the path and the text of the configuration's file, None for what the command line says.
    """
    from decomposer.rules.configuration import entry_line

    found = [
        Problem(*(entry_line(*written, position) if written is not None else ("--entry", 0)), "no-entry", why, hint)
        for position, why, hint in unknown_entries(config, repository.python)
    ]
    if found:
        raise DecomposerError(found)


def with_homes(config: Config, listing: Listing) -> Config:
    """The configuration with the folders that modules of the package have gone to."""
    paths = listing.python()
    services = f"{config.services}/" if config.services != "." else ""
    if not any("/src/" in path and path.startswith(services) and not path.startswith(config.root() + "/")
               for path in paths):  # fmt: skip
        return config
    from decomposer.rewrite.package_path import found_homes


    def read(path: str) -> bytes:
        try:
            return (listing.root / path).read_bytes()
        except OSError:
            return b""  # it is told where it is read for what it says

    return structs.replace(config, homes=found_homes(config, paths, read))


def read_rule_set(config: Config, given: Path | None, root: Path, cache: Cache) -> RuleSet:
    """The contexts and rules of the folder given, else of the one configured, else the tool's own where they fit.

    Raises DecomposerError with every mistake of every rule file.
    """
    files = locate.read_rule_files(root, given, config.rules, config.root() == BUNDLED_FOR)
    key = digest(repr(sorted(files.items())).encode()).encode()
    kept = cache.read("rules")
    if kept is not None and kept.startswith(key):
        try:
            return msgspec.msgpack.decode(kept[len(key) :], type=RuleSet)
        except msgspec.MsgspecError:
            pass  # cut short: read them again
    from decomposer.rules.contexts import read_rules  # parsing TOML strictly takes longer than all the rest of this

    rule_set = read_rules(files)
    cache.write("rules", key + msgspec.msgpack.encode(rule_set))
    return rule_set


def _checked(config: Config, listing: Listing, hint: str) -> Config:
    prefix = config.root() + "/"
    if any(path.startswith(prefix) for path in listing.python()):
        return config
    message = f"there is no package at `{config.root()}`"
    raise DecomposerError(Problem(config.origin, 0, "no-package", message, hint))
