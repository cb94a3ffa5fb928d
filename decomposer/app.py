"""One function per command: the only place where the stages are wired together."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from decomposer.shell import disk, locate
from decomposer.shell.cache import Cache

if TYPE_CHECKING:
    from decomposer.assigning.owners import Assignment
    from decomposer.model.config import Config, RuleSet
    from decomposer.model.edges import Graph
    from decomposer.model.problems import Problem
    from decomposer.shell.reading import Repository

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What every command can be told: where to work, with which configuration, rules, reader and cache."""

    repo: Path = Path(".")
    config: Path | None = None
    rules: Path | None = None
    reader: str = "ast"
    cache: bool = True
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that is known of a repository after reading and before deciding on changes."""

    config: Config
    rule_set: RuleSet
    repository: Repository
    graph: Graph
    assignment: Assignment
    problems: tuple[Problem, ...]


def analyze(options: Options) -> dict[str, Any]:
    """The analysis document (see `decomposer.report.document`); the last one is kept for an unchanged tree."""
    started = time.perf_counter()
    root = locate.find_repository(options.repo)
    listing = disk.list_files(root)
    cache = Cache(root, options.cache)
    key = _key(listing, options)
    kept = _kept_document(cache, key)
    if kept is None:
        kept = _document(analysis(options, listing, cache), cache)
        cache.write("report", key.encode() + b"\n" + json.dumps(kept).encode())
    kept["elapsed_seconds"] = round(time.perf_counter() - started, 3)
    return kept


def analysis(
    options: Options, listing: disk.Listing | None = None, cache: Cache | None = None
) -> Analysis:
    """A repository read, linked and assigned.

    Raises DecomposerError when there is no monolith to be found, or the configuration or rules are wrong.
    """
    from decomposer.assigning.owners import assign
    from decomposer.assigning.traits import file_traits
    from decomposer.graph.link import link
    from decomposer.shell.reading import read_repository

    root = listing.root if listing is not None else locate.find_repository(options.repo)
    listing = listing or disk.list_files(root)
    cache = cache or Cache(root, options.cache)
    config = _configuration(root, listing, options)
    rule_set = _rules(root, config, options)
    repository = read_repository(listing, config, cache, options.reader, options.progress)
    config = _with_entries(config, repository)
    graph, not_understood = link(config, repository.python, repository.texts)
    traits = file_traits(config, graph, repository.python)
    assignment = assign(rule_set, traits, graph)
    problems = [*repository.problems, *not_understood, *assignment.problems, *_unread(repository, config)]
    return Analysis(config, rule_set, repository, graph, assignment, tuple(sorted(problems)))


def graph(options: Options, form: str) -> str:
    """The graph as json, dot or mermaid."""
    from decomposer.report import graph_formats

    found = analysis(options)
    contexts = {path: owner.context for path, owner in found.assignment.owners.items()}
    write = {
        "json": graph_formats.graph_json, "dot": graph_formats.graph_dot, "mermaid": graph_formats.graph_mermaid,
    }[form]  # fmt: skip
    return write(found.graph, contexts)


def _key(listing: disk.Listing, options: Options) -> str:
    """What the report depends on, besides the tool itself: the files, the options, rules given from outside."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(listing.signature().encode())
    digest.update(f"{options.config}\0{options.rules}\0{options.reader}".encode())
    for given in (options.config, options.rules):
        if given is not None:
            for path in sorted(given.glob("*.toml")) if given.is_dir() else [given]:
                digest.update(path.read_bytes() if path.is_file() else b"absent")
    return digest.hexdigest()


def _kept_document(cache: Cache, key: str) -> dict[str, Any] | None:
    data = cache.read("report")
    if data is None or not data.startswith(key.encode() + b"\n"):
        return None
    try:
        document: dict[str, Any] = json.loads(data[len(key) + 1 :])
    except ValueError:
        return None
    return document


def _document(found: Analysis, cache: Cache) -> dict[str, Any]:
    from decomposer.checks.coupling import coupling
    from decomposer.checks.reachability import reachability
    from decomposer.planning.phases import phases
    from decomposer.report.document import build_document

    cycles = _cycles(found.graph, cache)
    entries = [entry.partition(":")[0] for entry in found.config.entries]
    makers = {route.module for route in found.graph.routes if route.module != "fastapi"} & _application_modules(found)
    return build_document(
        found.config, found.rule_set, found.graph, found.assignment,
        reachability(found.graph, entries[:1], [*entries[1:], *sorted(makers)]),
        coupling(found.graph, found.assignment), cycles,
        phases(found.rule_set, found.assignment, found.graph, cycles), found.problems,
    )  # fmt: skip


def _application_modules(found: Analysis) -> set[str]:
    """Modules that make an application of their own."""
    names = {node.path: node.name for node in found.graph.nodes if node.role in ("module", "package")}
    return {
        names[path]
        for path, facts in found.repository.python.items()
        if path in names and any(e.action == "router" and e.value.endswith("FastAPI") for e in facts.routes)
    }


def _cycles(graph: Graph, cache: Cache) -> list[tuple[str, ...]]:
    """Cycles of load edges, from the cache when the edges are those of the last run."""
    from decomposer.graph.algorithms import strongly_connected

    pairs = sorted({(e.source, e.target) for e in graph.edges if e.kind == "load" and e.target != "" != e.source})
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    key = hashlib.blake2b(repr(pairs).encode(), digest_size=16).hexdigest()
    kept = cache.read("cycles")
    if kept is not None and kept.startswith(key.encode()):
        return [tuple(cycle) for cycle in json.loads(kept[len(key) :])]
    cycles = strongly_connected(pairs)
    cache.write("cycles", key.encode() + json.dumps(cycles).encode())
    return cycles


def _configuration(root: Path, listing: disk.Listing, options: Options) -> Config:
    """The configuration as written, else as found by looking."""
    from decomposer.model.problems import DecomposerError, Problem
    from decomposer.rules.configuration import read_configuration
    from decomposer.shell.discovering import discover

    written = locate.find_configuration(root, options.config)
    if written is not None:
        config = read_configuration(*written)
        if config is not None:
            prefix = config.root() + "/"
            if not any(entry.path.startswith(prefix) for entry in listing.entries):
                raise DecomposerError(Problem(
                    config.origin, 0, "no-package", f"there is no package at `{config.root()}`",
                    "`source` is the folder that holds the package, relative to the repository",
                ))  # fmt: skip
            return config
    found = discover(root, [entry.path for entry in listing.entries if disk.is_python(entry.path)])
    if found is None:
        raise DecomposerError(Problem(
            str(options.repo), 0, "no-monolith", "no file in a package here makes a FastAPI application",
            "name the package: decompose init --source DIR --package NAME --entry MODULE:ATTR",
        ))  # fmt: skip
    return found


def _with_entries(config: Config, repository: Repository) -> Config:
    """The configuration with its entry application, found from the code when none is written."""
    from decomposer.graph.discovery import applications

    if config.entries:
        return config
    found = applications(config.source, config.package, {
        path: facts for path, facts in repository.python.items() if path.startswith(config.root() + "/")
    })  # fmt: skip
    return replace(config, entries=tuple(entry for _, entry in found[:1]))


def _rules(root: Path, config: Config, options: Options) -> RuleSet:
    from decomposer.rules.contexts import read_rules

    bundled = not config.rules and not config.origin.endswith(".toml") and config.root() == BUNDLED_FOR
    files = locate.read_rule_files(root, options.rules, config.rules, bundled)
    return read_rules(files)


BUNDLED_FOR = "apps/coordinator-api/src/app"
"""The layout that the tool's own rules are written for; any other monolith brings its own."""


def _unread(repository: Repository, config: Config) -> list[Problem]:
    """A problem for each file whose content was not understood: an error inside the package."""
    from decomposer.model.problems import Problem

    prefix = config.root() + "/"
    return [
        Problem(path, facts.error_line, "not-understood", facts.error, "its lines are counted, its references are not",
                "error" if path.startswith(prefix) else "warning")
        for path, facts in repository.python.items() if facts.error
    ]  # fmt: skip
