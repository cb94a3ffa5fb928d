"""Everything that one extraction writes: the moved files, what names them, and the service's scaffolding."""

from __future__ import annotations

import posixpath
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from decomposer.changeset import Write
from decomposer.model.config import Config, Context
from decomposer.model.edges import Graph, Route
from decomposer.model.facts import TextFacts
from decomposer.model.problems import Problem
from decomposer.planning.extraction import ExtractionPlan
from decomposer.rewrite.package_path import extend_package, extended_folders
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.scaffold import TARGETS
from decomposer.scaffold.requirements import declared_requirements, required_python, requirements
from decomposer.scaffold.service import Service, foreign_routes, inclusions, lost_routes
from decomposer.syntax.header import first_statement_offset

Read = Callable[[str], bytes | None]
Mode = Callable[[str], str]

LINK = "120000"
"""Git's mode of a symbolic link."""


def extraction_writes(
    plan: ExtractionPlan, context: Context, config: Config, graph: Graph, texts: Mapping[str, TextFacts],
    read: Read, mode: Mode, link_above: Callable[[str], tuple[str, str] | None], template: Callable[..., str],
    top_packages: set[str],
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file, and what a reviewer should look at.

    `read` gives a file's present bytes by path, `mode` git's mode of it, `link_above` the symbolic link that a
    path would lead through and its target; `top_packages` are packages that the repository itself holds.
    """
    problems: list[Problem] = []
    moved = {move.old: move.new for move in plan.moves}
    if config.source:  # without a folder above it, a package's folder `shop/orders` may as well be a route
        moved |= {move.old: move.new for move in plan.folders}
    writes = list(_moves(plan, moved, texts, read, mode, problems))
    writes += _scaffolding(plan, context, config, graph, read, template, top_packages, problems)
    problems += _replaced(writes, read, mode)
    writes += _split_packages(plan, config, read, mode, problems)
    writes += _new_packages(plan, config, read)
    written = {write.path for write in writes}
    writes += _mentions(
        {path: texts[path] for path in sorted(texts) if path not in written}, moved, read, mode, problems
    )
    writes += _links(writes, link_above, problems)
    return [_on_disk(write, read, mode) for write in writes], problems


def describe_service(
    plan: ExtractionPlan, context: Context, config: Config, graph: Graph, read: Read, top_packages: set[str]
) -> Service:
    """What the service's scaffolding is rendered from."""
    moved = {move.old for move in plan.moves}
    project = _project(config, read)
    imported = {package for path, package, kind in graph.external if path in moved and kind != "typing"}
    needed, local = requirements(
        {*imported, "fastapi", "uvicorn"},
        declared_requirements(project),
        top_packages,
        frozenset(sys.stdlib_module_names),
    )
    return Service(
        context.name, context.description, context.port, config.package,
        inclusions(_served(config, graph), _modules(plan, graph)), needed, local, required_python(project),
    )  # fmt: skip


def _modules(plan: ExtractionPlan, graph: Graph) -> set[str]:
    """The dotted names of the modules that move."""
    moved = {move.old for move in plan.moves}
    return {node.name for node in graph.nodes if node.path in moved}


def _served(config: Config, graph: Graph) -> list[Route]:
    """The routes of the monolith's own application."""
    entry = config.entries[0] if config.entries else ""
    return [route for route in graph.routes if route.entry == entry]


def _scaffolding(
    plan: ExtractionPlan, context: Context, config: Config, graph: Graph, read: Read, template: Callable[..., str],
    top_packages: set[str], problems: list[Problem],
) -> Iterator[Write]:  # fmt: skip
    service = describe_service(plan, context, config, graph, read, top_packages)
    homes = _split_homes(plan, config)
    has_left_before = any(other in extended_folders(read(path) or b"") for path, other in homes.values())
    for name, render in TARGETS.items():
        below, text = render(service, template)
        path = f"{plan.service}/{below}"
        there = read(path)
        if there is None or not has_left_before:
            yield Write(path, text.encode(), f"the scaffolding `{name}`")
        elif lacks := [line for line in text.splitlines() if line.strip() and line.encode() not in there.splitlines()]:
            problems.append(Problem(
                path, 0, "scaffolding-kept", "is kept, for it speaks of modules that left before; for those that leave "
                f"now it lacks: {' / '.join(map(str.strip, lacks))}", "add by hand what is missing",
            ))  # fmt: skip
    problems += _route_problems(_served(config, graph), graph, _modules(plan, graph))
    problems += _include_problems(graph, _modules(plan, graph))


def _route_problems(served: Sequence[Route], graph: Graph, modules: set[str]) -> Iterator[Problem]:
    """What the service's main.py does not serve as the monolith did, one problem for each reason and module."""
    unserved = [route for route in graph.routes if route.module in modules and not route.entry and route not in served]
    for code, severity, message, hint, routes in (
        ("route-lost", "error", "not served by the service's main.py, since {}", "include its router there by hand",
         lost_routes(served, modules)),
        ("route-foreign", "warning", "also served by the service's main.py, by way of {}",
         "give that router to nobody, or take the other one out of it", foreign_routes(served, modules)),
        ("route-unserved", "warning", "not served by {}, nor by the service's main.py",
         "nothing is lost, unless another application serves it",
         ((route, "the monolith's application") for route in unserved)),
    ):  # fmt: skip
        found: dict[tuple[str, str], list[Route]] = {}
        for route, why in routes:
            found.setdefault((route.source, why), []).append(route)
        for (source, why), group in found.items():
            first, more = group[0], f" and {len(group) - 1} more" if len(group) > 1 else ""
            yield Problem(source, first.line, code, f"{first.method} {first.path}{more}: {message.format(why)}",
                          hint, severity)  # fmt: skip


def _include_problems(graph: Graph, modules: set[str]) -> Iterator[Problem]:
    """Where a router of the context is included with more than a prefix, which its main.py does not repeat."""
    for edge in graph.edges:
        if edge.kind == "route" and edge.target in modules and edge.source not in modules and edge.names[2:]:
            options = ", ".join(f"`{name}`" for name in edge.names[2:])
            yield Problem(edge.path, edge.line, "include-options", f"includes {edge.target} with {options}, which "
                          "the service's main.py does not repeat", "add them there by hand", "warning")  # fmt: skip


def _moves(
    plan: ExtractionPlan, moved: Mapping[str, str], texts: Mapping[str, TextFacts], read: Read, mode: Mode,
    problems: list[Problem],
) -> Iterator[Write]:  # fmt: skip
    for move in plan.moves:
        content = read(move.old)
        if content is not None and move.old in texts:
            problems += other_mentions(move.old, content, (), moved)
            content = rewrite_paths(content, moved)
        yield Write(move.old, None, f"the move of {move.old}", mode(move.old))
        yield Write(move.new, content, f"the move of {move.old}", mode(move.old), move.old)
        if content is not None and move.old.endswith(".py") and b"__file__" in content:
            line = content[: content.index(b"__file__")].count(b"\n") + 1
            problems.append(Problem(move.old, line, "path-to-review", "uses `__file__`, which means another folder "
                                    "after the move", severity="warning"))  # fmt: skip


def _split_packages(
    plan: ExtractionPlan, config: Config, read: Read, mode: Mode, problems: list[Problem]
) -> Iterator[Write]:
    for folder, (path, other) in _split_homes(plan, config).items():
        source = read(path) or b""
        try:
            if mode(path) == LINK:
                raise SyntaxError("it is a symbolic link, and what it leads to may be another package's too")
            extended = extend_package(source, other, first_statement_offset(source))
        except SyntaxError as error:
            problems.append(Problem(
                path, error.lineno or 0, "not-understood",
                f"the package would not find its modules in {plan.service}: {error.msg}", "mend the file first",
            ))  # fmt: skip
            continue
        yield Write(path, extended, f"the search path of {folder}", mode(path))


def _split_homes(plan: ExtractionPlan, config: Config) -> dict[str, tuple[str, str]]:
    """Of each package that lies in two places its `__init__.py`, and the service's folder as seen from there."""
    found: dict[str, tuple[str, str]] = {}
    for folder in plan.split_packages:
        home = posixpath.join(config.source, folder)
        found[folder] = f"{home}/__init__.py", posixpath.relpath(f"{plan.service}/src/{folder}", home)
    return found


def _new_packages(plan: ExtractionPlan, config: Config, read: Read) -> Iterator[Write]:
    for folder in plan.new_packages:
        path = f"{folder}/__init__.py"
        layer = folder.rpartition(f"/src/{config.package}")[2].strip("/") or config.package
        if read(path) is None:
            text = f'"""{layer.replace("/", ".")} of the {plan.context} service."""\n'
            yield Write(path, text.encode(), f"the package {layer}")


def _mentions(
    texts: Mapping[str, TextFacts], moved: Mapping[str, str], read: Read, mode: Mode, problems: list[Problem]
) -> Iterator[Write]:
    for path, facts in texts.items():
        source = read(path)
        if source is not None:
            yield Write(path, rewrite_paths(source, moved), f"the paths in {path}", mode(path))
            problems += other_mentions(path, source, facts.tokens, moved)


def _links(
    writes: Iterable[Write], link_above: Callable[[str], tuple[str, str] | None], problems: list[Problem]
) -> list[Write]:
    """Symbolic links that stand where folders or files must be: they go, or what they lead to would change."""
    found: dict[str, bool] = {}
    for write in writes:
        link = link_above(write.path) if write.content is not None else None
        if link is not None and link[0] not in found:
            path, target = link
            found[path] = path == write.path
            problems.append(Problem(path, 0, "replaced", f"is a symbolic link to `{target}`: replaced by a "
                                    f"{'file' if path == write.path else 'folder'}", severity="warning"))  # fmt: skip
    return [Write(path, None, f"the folder {path}", LINK) for path, is_file in found.items() if not is_file]


def _on_disk(write: Write, read: Read, mode: Mode) -> Write:
    """The write with the mode of the file that is there, which a file that is only rewritten keeps."""
    if read(write.path) is None:
        return write
    present = mode(write.path)
    keeps = not write.moved_from and LINK not in (present, write.mode)
    return replace(write, mode=present if keeps else write.mode, mode_before=present)


def _replaced(writes: Iterable[Write], read: Read, mode: Mode) -> Iterator[Problem]:
    """A warning for each file that is there already and says something else."""
    for write in writes:
        there = read(write.path)
        if write.content is not None and there not in (None, write.content) and mode(write.path) != LINK:
            by = f"the monolith's {write.moved_from}, which is the one in use" if write.moved_from else write.writer
            yield Problem(write.path, 0, "replaced", f"is there already and differs: replaced by {by}",
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
