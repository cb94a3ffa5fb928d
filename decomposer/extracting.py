"""Everything that one extraction writes: the moved files, what names them, and the service's scaffolding."""

from __future__ import annotations

import os.path
import sys
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

from decomposer.changeset import Write
from decomposer.model.config import Config, Context
from decomposer.model.edges import Graph
from decomposer.model.facts import TextFacts
from decomposer.model.problems import Problem
from decomposer.planning.extraction import ExtractionPlan
from decomposer.rewrite.package_path import extend_package
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.scaffold import TARGETS
from decomposer.scaffold.service import Service, inclusions, requirements
from decomposer.syntax.header import first_statement_offset

Read = Callable[[str], bytes | None]
Mode = Callable[[str], str]


def extraction_writes(
    plan: ExtractionPlan, context: Context, config: Config, graph: Graph, texts: dict[str, TextFacts],
    read: Read, mode: Mode, link_above: Callable[[str], tuple[str, str] | None], template: Callable[..., str],
    top_packages: set[str],
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file, and what a reviewer should look at.

    `read` gives a file's present bytes by path, `mode` git's mode of it, `link_above` the symbolic link that a
    path would lead through and its target; `top_packages` are packages that the repository itself holds.
    """
    problems: list[Problem] = []
    moved = {move.old: move.new for move in plan.moves}
    writes = list(_moves(plan, read, mode, problems))
    writes += _split_packages(plan, config, read, mode, problems)
    writes += _new_packages(plan, config, read)
    writes += _mentions(texts, moved, read, mode, problems)
    service = describe_service(plan, context, config, graph, read, top_packages)
    for name, render in TARGETS.items():
        below, text = render(service, template)
        path = f"{plan.service}/{below}"
        before = read(path)
        if before is not None and before != text.encode():
            problems.append(_replaced(path, f"the scaffolding `{name}`"))
        writes.append(Write(path, text.encode(), f"scaffold {name}"))
    writes += _links(writes, link_above, problems)
    return writes, problems


def describe_service(
    plan: ExtractionPlan, context: Context, config: Config, graph: Graph, read: Read, top_packages: set[str]
) -> Service:
    """What the service's scaffolding is rendered from."""
    moved = {move.old for move in plan.moves}
    modules = {node.name for node in graph.nodes if node.path in moved}
    served = [route for route in graph.routes if route.entry == (config.entries[0] if config.entries else "")]
    project = _project(config, read)
    imported = {package for path, package, kind in graph.external if path in moved and kind != "typing"}
    needed, local = requirements(
        {*imported, "fastapi", "uvicorn"},
        _declared(project),
        top_packages,
        frozenset(sys.stdlib_module_names),
    )
    python = project.get("project", {}).get("requires-python", ">=3.11")
    return Service(
        context.name, context.description, context.port, config.package, inclusions(served, modules), needed, local,
        python,
    )  # fmt: skip


def _moves(plan: ExtractionPlan, read: Read, mode: Mode, problems: list[Problem]) -> Iterator[Write]:
    for move in plan.moves:
        content = read(move.old)
        there = read(move.new)
        if there is not None and there != content:
            problems.append(_replaced(move.new, f"the monolith's {move.old}, which is the one in use"))
        yield Write(move.old, None, f"the move of {move.old}", mode(move.old))
        yield Write(move.new, content, f"the move of {move.old}", mode(move.old), move.old)
        if content is not None and move.old.endswith(".py") and b"__file__" in content:
            line = content[: content.index(b"__file__")].count(b"\n") + 1
            problems.append(Problem(move.old, line, "path-to-review", "uses `__file__`, which means another folder "
                                    "after the move", severity="warning"))  # fmt: skip


def _split_packages(
    plan: ExtractionPlan, config: Config, read: Read, mode: Mode, problems: list[Problem]
) -> Iterator[Write]:
    for folder in plan.split_packages:
        home = f"{config.source}/{folder}" if config.source else folder
        path = f"{home}/__init__.py"
        source = read(path) or b""
        other = os.path.relpath(f"{plan.service}/src/{folder}", home)
        try:
            offset = first_statement_offset(source)
        except SyntaxError as error:
            problems.append(Problem(path, error.lineno or 0, "not-understood",
                                    "its modules cannot be found in the service: mend its syntax first"))  # fmt: skip
            continue
        yield Write(path, extend_package(source, other, offset), f"the search path of {folder}", mode(path))


def _new_packages(plan: ExtractionPlan, config: Config, read: Read) -> Iterator[Write]:
    for folder in plan.new_packages:
        path = f"{folder}/__init__.py"
        layer = folder.rpartition(f"/src/{config.package}")[2].strip("/") or config.package
        if read(path) is None:
            text = f'"""{layer.replace("/", ".")} of the {plan.context} service."""\n'
            yield Write(path, text.encode(), f"the package {layer}")


def _mentions(
    texts: dict[str, TextFacts], moved: dict[str, str], read: Read, mode: Mode,
    problems: list[Problem],
) -> Iterator[Write]:  # fmt: skip
    for path, facts in sorted(texts.items()):
        if not facts.tokens or path in moved:
            continue
        source = read(path)
        if source is None:
            continue
        rewritten = rewrite_paths(source, moved)
        if rewritten != source:
            yield Write(path, rewritten, f"the paths in {path}", mode(path))
        problems += other_mentions(path, facts.tokens, moved)


def _links(
    writes: list[Write], link_above: Callable[[str], tuple[str, str] | None], problems: list[Problem]
) -> list[Write]:
    """Symbolic links that stand where folders must be: they go, or writing through them would change elsewhere."""
    found = sorted({link for write in writes if write.content is not None and (link := link_above(write.path))})
    for path, target in found:
        problems.append(Problem(path, 0, "replaced", f"is a symbolic link to `{target}`: replaced by a folder",
                                severity="warning"))  # fmt: skip
    return [Write(path, None, f"the folder {path}", "120000") for path, _ in found]


def _replaced(path: str, by: str) -> Problem:
    return Problem(path, 0, "replaced", f"is there already and differs: replaced by {by}",
                   "the patch shows what goes", severity="warning")  # fmt: skip


def _project(config: Config, read: Read) -> dict[str, Any]:
    """The nearest pyproject.toml above the package that can be read, as a table."""
    folder = config.source
    while True:
        content = read(f"{folder}/pyproject.toml" if folder else "pyproject.toml")
        if content is not None:
            try:
                return tomllib.loads(content.decode("utf-8", "replace"))
            except tomllib.TOMLDecodeError:
                pass  # the monolith's own trouble; the service gets unversioned requirements
        if not folder:
            return {}
        folder = folder.rpartition("/")[0]


def _declared(project: dict[str, Any]) -> dict[str, str]:
    """Requirements by normalised name, of PEP 621 or Poetry; Poetry's are turned into PEP 508."""
    found: dict[str, str] = {}
    for requirement in project.get("project", {}).get("dependencies", []):
        name = requirement.split(";")[0]
        for character in "<>=!~[ (":
            name = name.split(character)[0]
        found[name.strip().lower().replace("_", "-")] = requirement
    for name, wanted in project.get("tool", {}).get("poetry", {}).get("dependencies", {}).items():
        version = wanted.get("version", "*") if isinstance(wanted, dict) else wanted
        if isinstance(version, str) and name != "python":
            found[name.lower().replace("_", "-")] = name + _pep508(version)
    return found


def _pep508(version: str) -> str:
    """Poetry's `^1.2` and `~1.2` as PEP 508 has it."""
    if version in ("", "*"):
        return ""
    if version[0] not in "^~":
        return version if version[0] in "<>=!" else f"=={version}"
    numbers = version[1:].split(".")
    if version[0] == "^":
        fixed = next((i for i, number in enumerate(numbers) if number != "0"), len(numbers) - 1)
    else:
        fixed = min(1, len(numbers) - 1)
    try:
        upper = [*numbers[:fixed], str(int(numbers[fixed]) + 1)]
    except ValueError:
        return f">={version[1:]}"
    return f">={version[1:]},<{'.'.join(upper)}"
