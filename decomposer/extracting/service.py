"""Everything that one extraction writes: the moved files, what names them, and what the service needs besides."""

from __future__ import annotations

import codecs
import hashlib
import posixpath
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from decomposer.changeset import Write
from decomposer.extracting.core import planned_aliases
from decomposer.extracting.parts import parts
from decomposer.extracting.tree import Tree
from decomposer.facts.python import read_python
from decomposer.graph.link import link
from decomposer.graph.modules import Modules
from decomposer.model.config import COPIES, CORE, Config, Context
from decomposer.model.edges import Route
from decomposer.model.facts import TextFacts
from decomposer.model.problems import Problem
from decomposer.planning.codebase import HEALTH
from decomposer.planning.contents import Contents, service_contents
from decomposer.planning.extraction import ExtractionPlan
from decomposer.rewrite.package_path import extend_package
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.scaffold import TARGETS
from decomposer.scaffold.requirements import declared_requirements, required_python, requirements
from decomposer.scaffold.service import Service
from decomposer.syntax.header import first_statement_offset

Read = Callable[[str], bytes | None]
Mode = Callable[[str], str]

LINK = "120000"
"""Git's mode of a symbolic link."""
_COPY = "# decompose: copy of {path} (sha256 {digest}), carried until a client replaces it: change it there\n"


def service_writes(
    tree: Tree, plan: ExtractionPlan, context: Context, template: Callable[..., str], top_packages: set[str]
) -> tuple[list[Write], list[Problem]]:
    """The final bytes of every file when a context leaves, and what a reviewer should look at.

    `top_packages` are packages that the repository itself holds.
    """
    config, read, mode = tree.config, tree.read, tree.mode
    problems: list[Problem] = []
    texts = {**dict.fromkeys(tree.python, TextFacts(0)), **tree.texts}
    moved = {move.old: move.new for move in plan.moves}
    if config.source:  # without a folder above it, a package's folder `shop/orders` may as well be a route
        moved |= {move.old: move.new for move in plan.folders}
    found = service_contents(tree.code, context.name, ())
    writes = list(_moves(plan, moved, texts, read, mode, problems))
    writes += _own_files(tree, plan, found, writes, problems)
    writes += scaffolding(tree, context, writes, template, top_packages)
    problems += _replaced(writes, read, mode)
    problems += route_problems(tree, context.name, {w.path: w.content for w in writes if w.content is not None})
    writes += _split_packages(plan, config, read, mode, problems)
    written = {write.path for write in writes}
    writes += _mentions(
        {path: texts[path] for path in sorted(texts) if path not in written}, moved, read, mode, problems
    )
    writes += _links(writes, tree.link_above, problems)
    return [_on_disk(write, read, mode) for write in writes], problems


def _own_files(
    tree: Tree, plan: ExtractionPlan, found: Contents, writes: list[Write], problems: list[Problem]
) -> Iterator[Write]:
    """What the service has besides the modules that move: its parts of others, copies, and the names of the plan."""
    code, root = tree.code, tree.config.service_root(found.context)
    taken = {write.path for write in writes if write.content is not None}
    for module, below, content in parts(tree, found, problems):
        path = f"{root}/{below}"
        is_bare = below.endswith("__init__.py") and b"\n" not in content.strip()
        if path not in taken and not (is_bare and tree.read(path) is not None):  # somebody's own says no less
            taken.add(path)
            yield Write(path, content, f"the service's part of {module}")
    for module in sorted(found.copies):
        path = code.path(module)
        content = tree.read(path) or b""
        below = module.partition(".")[2].replace(".", "/") + ("/__init__.py" if code.is_package(module) else ".py")
        yield Write(f"{root}/{COPIES}/{below}", _marked(content, path), f"the copy of {module}")
    core = {m for m in code.modules.path_of if code.in_core(m)}
    for below, content in planned_aliases(tree, core):
        if f"{root}/{below}" not in taken:
            yield Write(f"{root}/{below}", content, f"the name {below}")
    entry = code.entry.partition(".")[2].replace(".", "/")
    if entry != "main" and f"{root}/main.py" not in taken and code.entry in found.parted:
        attribute = tree.config.entries[0].partition(":")[2] or "app"
        text = f'"""The {found.context} service."""\n\nfrom {code.entry} import {attribute}\n'
        text += f'\n__all__ = ["{attribute}"]\n'
        yield Write(f"{root}/main.py", text.encode(), "the service's entry")


def _marked(content: bytes, path: str) -> bytes:
    """A copy that says what it is a copy of: above its first line, where no interpreter or encoding stands there."""
    mark = _COPY.format(path=path, digest=hashlib.sha256(content).hexdigest()).encode()
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    mark = mark.replace(b"\n", newline)
    if content.startswith(b"#") or content.startswith(codecs.BOM_UTF8):
        return content + (b"" if content.endswith(b"\n") else newline) + mark
    return mark + content


def scaffolding(
    tree: Tree, context: Context, writes: list[Write], template: Callable[..., str], top_packages: set[str]
) -> Iterator[Write]:
    """What a service, or the core, needs besides its code."""
    service = _describe(tree, context.name, context.description, context.port, writes, top_packages)
    for render in TARGETS.values():
        below, text = render(service, template)
        yield Write(f"{tree.config.service(context.name)}/{below}", text.encode(), f"the scaffolding {below}")


def _describe(
    tree: Tree, name: str, description: str, port: int, writes: list[Write], top_packages: set[str]
) -> Service:
    """What the scaffolding of a service, or of the core, is rendered from: its code's real imports among it."""
    config = tree.config
    project = _project(config, tree.read)
    root = config.service_root(name) + "/"
    files = {path: tree.read(path) for path in tree.paths if path.startswith(root)}
    files |= {write.path: write.content for write in writes if write.path.startswith(root)}
    imported: set[str] = set()
    for path, content in files.items():
        if content is not None and path.endswith(".py"):
            imported |= {fact.module.partition(".")[0] for fact in read_python(content).imports
                         if not fact.level and fact.kind != "typing"}  # fmt: skip
    own = {config.package, config.core_package()}
    always = {"fastapi", "uvicorn"} if name != CORE else set()
    needed, local = requirements(
        {*imported, *always} - own, declared_requirements(project), top_packages, frozenset(sys.stdlib_module_names)
    )
    shared = any(home.dotted == config.core_package() for home in config.homes)
    core = config.core_name() if name != CORE and shared else ""
    package = config.core_package() if name == CORE else config.package
    return Service(config.core_name() if name == CORE else name, description, port, package, needed, local,
                   required_python(project), core)  # fmt: skip


def route_problems(tree: Tree, context: str, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Where the service would not serve exactly the routes that the context has in the monolith."""
    config, code = tree.config, tree.code
    source = f"{config.service(context)}/src"
    python = {path: read_python(content) for path, content in files.items() if path.endswith(".py")}
    python |= {p: f for p, f in tree.python.items() if p.startswith(f"{source}/") and p not in python}
    core = config.service_root(CORE) + "/"
    python |= {path: facts for path, facts in tree.python.items() if path.startswith(core)}
    homes = tuple(home for home in config.homes if home.dotted == config.core_package())
    if code.entry not in Modules(source, config.package, python, python, homes).path_of:
        return
    alone = Config(source, config.package, config.entries, homes=homes)
    graph, _ = link(alone, python, {})
    serves = [r for r in graph.routes if r.entry and r.module != "fastapi" and r.path not in HEALTH]
    wanted = [r for r in code.served if code.assignment.context(r.source) == context]
    unserved: dict[str, list[Route]] = {}
    for route in code.graph.routes:
        if not route.entry and code.assignment.context(route.source) == context:
            unserved.setdefault(route.source, []).append(route)
    for path, group in sorted(unserved.items()):
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        yield Problem(path, group[0].line, "route-unserved", f"{group[0].method} {group[0].path}{more}: not served by "
                      "the monolith's application, nor by the service", "nothing is lost, unless another application "
                      "serves it", "warning")  # fmt: skip
    for lost in _without(wanted, serves):
        yield Problem(lost.source, lost.line, "route-lost", f"{lost.method} {lost.path}: not served by the {context} "
                      "service", "include its router where the application is put together")  # fmt: skip
    for foreign in _without(serves, wanted):
        yield Problem(foreign.source, foreign.line, "route-foreign", f"{foreign.method} {foreign.path}: served by the "
                      f"{context} service too, which does not own it", "give its router to one context")  # fmt: skip


def _without(routes: Sequence[Route], others: Sequence[Route]) -> Iterator[Route]:
    """The routes that are not among the others, by method, path and handler."""
    known = {(route.method, route.path, route.handler) for route in others}
    yield from (route for route in routes if (route.method, route.path, route.handler) not in known)


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
