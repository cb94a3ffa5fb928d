"""The imports of others, which follow what has gone to new modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from decomposer.changeset import Write
from decomposer.checks.load_graph import Program, load_graph
from decomposer.graph.algorithms import parents, reach
from decomposer.graph.modules import Modules
from decomposer.model.config import Config
from decomposer.model.facts import PythonFacts
from decomposer.model.problems import Problem
from decomposer.model.sites import Edit, ImportedName, ImportSite
from decomposer.rewrite.import_statements import added_statements, module_edit, without_names
from decomposer.splitting.checking import Repository
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.sites import read_sites


def following_writes(repository: Repository, module: str, homes: Mapping[str, str]) -> Iterator[Write]:
    """Every file whose imports from the module become imports from the parts that names went to (`homes`).

    What cannot be read stays: the old module hands everything on.
    """
    config, python = repository.config, repository.python
    modules = Modules(config.source, config.package, python, python, config.homes)
    for path, facts in sorted(python.items()):
        if modules.name_of.get(path) == module or not _imports(path, facts, module, homes, modules):
            continue
        source = repository.read(path) or b""
        try:
            content = text_of(source)
            sites = read_sites(source, content, facts.reader == "libcst")
            edits = [edit for site in sites.imports if site.is_from and _base(path, site, modules) == module
                     for edit in _follow(site, homes, module, content)]  # fmt: skip
            after = content.edited(edits)
        except (SyntaxError, ValueError):
            continue
        if after != source:
            yield Write(path, after, f"the imports of {path}", repository.mode(path))


def _imports(path: str, facts: PythonFacts, module: str, homes: Mapping[str, str], modules: Modules) -> bool:
    return any(
        fact.is_from and any(name in homes for name, _ in fact.names)
        and (not fact.level or path in modules.name_of)
        and modules.absolute(path, fact.level, fact.module) == module
        for fact in facts.imports
    )  # fmt: skip


def _base(path: str, site: ImportSite, modules: Modules) -> str | None:
    return modules.absolute(path, site.level, site.module) if not site.level or path in modules.name_of else None


def _follow(site: ImportSite, homes: Mapping[str, str], module: str, content: Text) -> Iterator[Edit]:
    """The edits of one statement: names that stay do, the others get a statement for each part."""
    groups: dict[str, list[ImportedName]] = {}
    for name in site.names:
        groups.setdefault(homes.get(name.name, ""), []).append(name)
    if set(groups) == {""}:
        return
    stays = min(groups)
    if stays:
        yield module_edit(site, _spelled(site, module, stays), content.utf8)
    leaving = {name for part, names in groups.items() if part != stays for name in names}
    if leaving:
        yield from without_names(site, leaving, content.utf8)
        told = {part: ", ".join(content.utf8[name.start : name.end].decode() for name in names)
                for part, names in sorted(groups.items()) if part != stays}  # fmt: skip
        lines = [f"from {_spelled(site, module, part)} import {names}" for part, names in told.items()]
        yield from added_statements(site, (), lines, content)


def _spelled(site: ImportSite, module: str, part: str) -> str:
    """How a statement names a part: as it names the module, which lies beside it or is the package around it."""
    below = part.removeprefix(f"{module}.") if part.startswith(f"{module}.") else ""
    front = site.module if below else site.module.rpartition(".")[0]
    return "." * site.level + ".".join(filter(None, (front, below or part.rpartition(".")[2])))


def not_loaded_any_more(
    repository: Repository, python: Mapping[str, PythonFacts], read: Callable[[str], bytes | None]
) -> list[Problem]:
    """The modules that the applications load now and would not any more: they may do something while they load."""
    config = repository.config
    before, after = _loaded(config, repository.python, repository.read), _loaded(config, python, read)
    return [Problem(config.root(), 0, "not-loaded", f"`{name}` would not be loaded any more")
            for name in sorted(before - after)]  # fmt: skip


def _loaded(
    config: Config, python: Mapping[str, PythonFacts], read: Callable[[str], bytes | None]
) -> set[str]:
    modules = Modules(config.source, config.package, python, python, config.homes)
    starts = [entry.partition(":")[0] for entry in config.entries]
    loads = load_graph(Program(modules, python, read)).loads
    return reach([*starts, *(parent for start in starts for parent in parents(start))], loads)
