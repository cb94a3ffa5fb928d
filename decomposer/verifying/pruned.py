"""What was deleted on purpose since the baseline was recorded: it is not missed, and it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from decomposer.checks.contract import shortened
from decomposer.facts.python import read_python
from decomposer.graph.algorithms import parents
from decomposer.graph.link import is_test
from decomposer.model.certificate import Check, checked
from decomposer.model.config import Config
from decomposer.model.counting import counted
from decomposer.model.probes import Baseline, Probe
from decomposer.shell.recorded import Recorded, recorded_changes

COMMANDS = ("prune", "finish aliases")
"""How the titles of changes begin that delete dead code, and aliases whose day has come."""


class Pruned(Struct, frozen=True):
    """Modules that were deleted as dead or as old names, with their tables, and files of tests that went with them.

    `emptied` are packages without a file of their own in which nothing is left.
    """

    modules: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()

    def left_of(self, before: Baseline) -> Baseline:
        """The baseline without the modules, tasks and tests that were deleted."""
        old, tests = before.probe, before.tests
        probe = replace(
            old, imports=tuple(item for item in old.imports if item[0] not in self.modules | self.emptied),
            tasks=tuple(task for task in old.tasks if task.rpartition(".")[0] not in self.modules),
        )  # fmt: skip
        if tests is not None:
            tests = replace(tests, outcomes=tuple(item for item in tests.outcomes if not self.has(item[0])))
        return replace(before, probe=probe, tests=tests)

    def other_tables(
        self, before: Probe, now: Probe, services: Mapping[str, Probe]
    ) -> tuple[Probe, dict[str, Probe]]:  # fmt: skip
        """The baseline and the services, without the tables that were deleted.

        Where another module of the monolith defines one of that name as well, and otherwise, it is that module's now.
        """
        old = {table.name: table for table in before.tables}
        new = {table.name: table for table in now.tables}
        others = {name for name in self.tables if old.get(name) != new.get(name)}
        gone = others - new.keys()
        tables = (new.get(t.name, t) if t.name in others else t for t in before.tables if t.name not in gone)
        return replace(before, tables=tuple(tables)), {
            name: replace(probe, tables=tuple(table for table in probe.tables if table.name not in gone))
            for name, probe in services.items()
        }

    def has(self, test: str) -> bool:
        """Whether a test, by its id, was in a file that went."""
        path = "/" + test.partition("::")[0]
        return any(f"/{gone}".endswith(path) for gone in self.tests)


def pruned(root: Path, config: Config) -> Pruned:
    """What was deleted, as the changes tell that were made here, hold, and begin with the commands' names."""
    modules: set[str] = set()
    tables: set[str] = set()
    tests: set[str] = set()
    for path, content in _deleted(recorded_changes(root)):
        module = _dotted(config, path)
        if module and _was_hidden(root, config, path, module):
            continue  # its name is the package's, which is there
        if module:
            modules.add(module)
            tables.update(t.table or t.class_name.lower() for t in read_python(content).tables)
        elif is_test(path):
            tests.add(path)
    emptied = {above for module in modules for above in _emptied(root, config, module)} - modules
    return Pruned(frozenset(modules), frozenset(tables), frozenset(tests), frozenset(emptied))


def pruned_check(before: Baseline, now: Probe, what: Pruned) -> Check:
    """That what was deleted as dead is missed by nobody; tests that went with it are told."""
    there = sorted(what.modules & now.files.keys())
    trouble = [f"{module} is still there: {now.files[module]}" for module in there]
    for module, error, place in now.imports:
        if error and any(f"'{name}'" in error for name in what.modules):
            trouble.append(f"{module}: {error} ({place})")
    outcomes = before.tests.outcomes if before.tests else ()
    gone = [test for test, _ in outcomes if what.has(test)]
    told = [f"deleted on purpose: {counted(len(what.modules), 'module')}, {', '.join(sorted(what.modules))}"]
    if what.tests:
        told.append(f"deleted with them: {counted(len(gone), 'test')}, in {', '.join(sorted(what.tests))}")
    return checked("pruned", "what was deleted on purpose is missed by nobody", shortened(trouble), told)


def _deleted(changes: Iterable[Recorded]) -> Iterable[tuple[str, bytes]]:
    """The files that these changes deleted, and that are still gone, with what they held."""
    for change in changes:
        if f"{change.title} ".startswith(tuple(f"{command} " for command in COMMANDS)):
            for one in change.changes.changes:
                if one.after is None and one.before is not None and one.path.endswith(".py"):
                    yield one.path, one.before


def _was_hidden(root: Path, config: Config, path: str, module: str) -> bool:
    """Whether a package has the name that a file had, which no import could reach then: beside it, or in a service."""
    below = module.partition(".")[2].replace(".", "/")
    return not path.endswith("/__init__.py") and (
        (root / path.removesuffix(".py") / "__init__.py").is_file()
        or any(root.glob(f"{config.services}/*/src/*/{below}/__init__.py"))
    )


def _emptied(root: Path, config: Config, module: str) -> Iterable[str]:
    """The folders above a module, without `__init__.py`, of which nothing is left that can be imported."""
    found = []
    for above in parents(module)[1:]:
        below = above.replace(".", "/")
        there = [root / config.source / below, *root.glob(f"{config.services}/*/src/*/{below.partition('/')[2]}")]
        if not any(next(folder.rglob("*.py"), None) for folder in there):
            found.append(above)
    return found


def _dotted(config: Config, path: str) -> str:
    """The dotted name that a module had; "" for a file of no package."""
    home = config.home_of(path)
    folder, package = (home.folder, home.dotted) if home is not None else (config.root(), config.package)
    if is_test(path) or not path.startswith(folder + "/"):
        return ""
    below = path.removeprefix(folder + "/").removesuffix(".py").removesuffix("__init__").rstrip("/")
    return ".".join([package, *filter(None, below.split("/"))])
