"""Names that others know a moved module by, and that it keeps: of its tasks, its loggers, and what it reads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from decomposer.model.problems import Problem
from decomposer.model.sites import DecoratorSite, Edit, ImportSite, Sites
from decomposer.moving.situation import Situation
from decomposer.planning.beside import climbs_out_of
from decomposer.rewrite.frozen import (
    FRAMEWORKS,
    configured_loggers,
    has_logger,
    logger_edits,
    renames_logger,
    task_edits,
    task_frameworks,
)
from decomposer.rewrite.own_file import file_edits, file_problems
from decomposer.rewrite.strings import Frozen, frozen_names
from decomposer.syntax.bytes_of_text import Text


@dataclass(slots=True)
class Seen:
    """One Python file that may have to change, read once; of one that moves, the decorators that make tasks."""

    content: Text
    sites: Sites
    tasks: dict[DecoratorSite, str] = field(default_factory=dict)


def loggers_by_name(situation: Situation, seen: Mapping[str, Seen]) -> frozenset[str]:
    """The loggers that are configured by name, where a module that moves names one after itsituation."""
    if not any(path in situation.plan.files and has_logger(found.content.utf8) for path, found in seen.items()):
        return frozenset()
    paths = (*situation.python, *situation.texts)
    return configured_loggers(source for path in paths if (source := situation.read(path)))


def names_that_stay(situation: Situation, seen: Mapping[str, Seen], loggers: frozenset[str]) -> Frozen:
    """The names of tasks and loggers that stay as they are, and notes in `seen` which decorators make tasks."""
    tasks: dict[str, frozenset[str]] = {}
    named: set[str] = set()
    kept: set[str] = set()
    for path, found in seen.items():
        module = situation.modules.name_of.get(path, "")
        old = situation.renames.moved(module)
        if path not in situation.plan.files or not old:
            continue
        found.tasks = task_frameworks(found.sites, partial(_framework, situation, path))
        if found.tasks:
            below = module[len(old) + 1 :]
            names = {f"{below}.{site.function}" if below else site.function for site in found.tasks}
            tasks[old] = tasks.get(old, frozenset()) | names
        named |= frozen_names(found.sites, module, ())
        utf8 = found.content.utf8
        literal = re.search(rb"[gG]et_?[lL]ogger\(\s*[\"']" + re.escape(module.encode()) + rb"[\"']", utf8)
        if literal or (has_logger(utf8) and renames_logger(module, situation.renames.new(module), loggers)):
            kept.add(module)
    return Frozen(tasks, frozenset(named), frozenset(kept))


def edits_that_keep(
    situation: Situation, path: str, found: Seen, loggers: frozenset[str], problems: list[Problem]
) -> Iterator[Edit]:
    """The edits that keep the names of tasks and loggers, and the folder of `__file__`."""
    plan = situation.plan
    module = situation.modules.name_of.get(path, "")
    yield from task_edits(found.tasks, module)
    yield from logger_edits(found.content, module, situation.renames.new(module), loggers)
    around = [move.old_path for move in plan.moves if move.is_package and path.startswith(f"{move.old_path}/")]
    stays = all(climbs_out_of(folder, path, found.content.utf8) for folder in around)
    if stays and path not in plan.readers:
        yield from file_edits(found.content, found.sites, path, plan.files[path])
        if posixpath.dirname(path) != posixpath.dirname(plan.files[path]):
            problems += file_problems(path, found.content, found.sites)


def _framework(situation: Situation, path: str, site: DecoratorSite, imports: tuple[ImportSite, ...]) -> str:
    """The framework that a task decorator is of, by where its first name comes from; "" for none that is known."""
    root = site.name.partition(".")[0]
    for statement in imports:
        top = statement.module.partition(".")[0] if statement.is_from else statement.names[0].name.partition(".")[0]
        if not statement.level and top in FRAMEWORKS:
            return top
    symbol = situation.symbols.follow(situation.modules.name_of.get(path, ""), site.name)
    homes = [path]
    if symbol is not None:
        homes.append(situation.modules.path_of.get(symbol.module, path))
    elif (made := situation.symbols.resolve(situation.modules.name_of.get(path, ""), root)) is not None:
        homes.append(situation.modules.path_of.get(made.module, path))
    for home in homes:
        facts = situation.python[home]
        for framework in FRAMEWORKS:
            if any(not fact.level and fact.module.partition(".")[0] == framework for fact in facts.imports):
                return framework
        source = situation.read(home) or b""
        if b"__module__" in source and re.search(rb"def (?:task|shared_task|periodic_task)\([^)]*\bname\b", source):
            return "celery"  # a registry of the repository's own, which works alike
    return ""
