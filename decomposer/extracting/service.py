"""Everything that one extraction writes: the moved files, what names them, and what the service needs besides."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from decomposer.changeset import Write
from decomposer.extracting.calls import client_place, client_writes
from decomposer.extracting.copies import copied, marked
from decomposer.extracting.core import planned_aliases
from decomposer.extracting.moving_tests import fixture_writes, moving_tests
from decomposer.extracting.parts import parts
from decomposer.extracting.places import LINK, links, on_disk, replaced
from decomposer.extracting.renamed import renamed_writes
from decomposer.extracting.scaffolding import scaffolding
from decomposer.extracting.served import route_problems
from decomposer.extracting.tree import Tree, Way
from decomposer.model.config import COPIES, CORE, Config, Context
from decomposer.model.contracts import CallContract
from decomposer.model.counting import counted
from decomposer.model.facts import TextFacts
from decomposer.model.problems import Problem
from decomposer.planning.beside import carried_along, reads_what_stays
from decomposer.planning.contents import Contents, service_contents
from decomposer.planning.extraction import ExtractionPlan, Move
from decomposer.rewrite.own_file import with_old_folder
from decomposer.rewrite.package_path import extend_package
from decomposer.rewrite.paths import other_mentions, rewrite_paths
from decomposer.syntax.header import first_statement_offset

Read = Callable[[str], bytes | None]
Mode = Callable[[str], str]


def service_writes(
    tree: Tree, plan: ExtractionPlan, context: Context, way: Way, agreed: Sequence[CallContract] = ()
) -> tuple[list[Write], list[Problem]]:  # fmt: skip
    """The final bytes of every file when a context leaves, and what a reviewer should look at.

    `agreed` are the contracts by which it calls others.
    """
    problems: list[Problem] = []
    found = service_contents(tree.code, context.name, (), tree.calling.clients(context.name) if agreed else ())
    if tree.config.own_package:
        writes, new = renamed_writes(tree, plan, found, way, agreed, problems)
    else:
        writes, new = _named_alike(tree, plan, found, problems), {}
        writes += client_writes(tree, found, agreed, way, client_place(tree, found))
    tree.remember(writes)
    rendered, told = scaffolding(tree, [context.name], writes, way)
    problems += told
    taken = {write.path for write in rendered}
    writes = [*(write for write in writes if write.path not in taken), *rendered]
    inside = [write for write in writes if write.path.startswith(plan.service + "/")]
    problems += replaced(inside, tree.read, tree.mode)
    files = {write.path: write.content for write in inside if write.content is not None}
    problems += route_problems(tree, context.name, files, new)
    writes += links(writes, tree.link_above, problems)
    return [on_disk(write, tree.read, tree.mode) for write in writes], problems


def _named_alike(tree: Tree, plan: ExtractionPlan, found: Contents, problems: list[Problem]) -> list[Write]:
    """Modules go and keep their names: the monolith's packages look for them in the service too."""
    config, read, mode = tree.config, tree.read, tree.mode
    texts = {**dict.fromkeys(tree.python, TextFacts(0)), **tree.texts}
    tests = moving_tests(tree, found, found.parted)
    moved = {move.old: move.new for move in plan.moves} | tests.moves
    if config.source:  # without a folder above it, a package's folder `shop/orders` may as well be a route
        moved |= {move.old: move.new for move in plan.folders}
    moves = [*plan.moves, *(Move(old, new) for old, new in tests.moves.items())]
    writes = list(_at_home(tree, plan, _moves(moves, moved, texts, read, mode, problems), problems))
    writes += fixture_writes(tree, tests)
    writes += _own_files(tree, plan, found, writes, problems)
    writes += _split_packages(plan, config, read, mode, problems)
    writes += _left_over(tree, plan, writes, problems)
    written = {write.path for write in writes}
    around = {path: texts[path] for path in sorted(texts) if path not in written}
    writes += _mentions(around, moved, read, mode, problems)
    return writes


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
            carried = carried_along(code.path(module), path, tree.read, tree.below) if b"__file__" in content else {}
            content = copied(tree, content, code.path(module), path, carried)
            yield Write(path, content, f"the service's part of {module}")
            yield from _data(tree, carried, taken)
    for module in sorted(found.copies):
        path = code.path(module)
        content = tree.read(path) or b""
        below = module.partition(".")[2].replace(".", "/") + ("/__init__.py" if code.is_package(module) else ".py")
        place = f"{root}/{COPIES}/{below}"
        carried = carried_along(path, place, tree.read, tree.below)
        copy = copied(tree, content, path, place, carried)
        if copy != content:
            line = content[: content.index(b"__file__")].count(b"\n") + 1
            problems.append(Problem(
                path, line, "path-to-review", f"uses `__file__`, and {found.context} carries a copy of it: that looks "
                "for files where the module lies, which a service alone has not",
                "let it read what comes with it, or take the place from a variable", "warning",
            ))  # fmt: skip
        yield Write(place, marked(copy, path, content), f"the copy of {module}")
        yield from _data(tree, carried, taken)
    core = {m for m in code.modules.path_of if code.in_core(m)}
    for below, content in planned_aliases(tree, tree.config.package, core):
        if f"{root}/{below}" not in taken:
            yield Write(f"{root}/{below}", content, f"the name {below}")
    entry = code.entry.partition(".")[2].replace(".", "/")
    if entry != "main" and f"{root}/main.py" not in taken and code.entry in found.parted:
        attribute = tree.config.entries[0].partition(":")[2] or "app"
        text = f'"""The {found.context} service."""\n\nfrom {code.entry} import {attribute}\n'
        text += f'\n__all__ = ["{attribute}"]\n'
        yield Write(f"{root}/main.py", text.encode(), "the service's entry")


def _left_over(
    tree: Tree, plan: ExtractionPlan, writes: Sequence[Write], problems: list[Problem]
) -> Iterator[Write]:  # fmt: skip
    """Takes out what lies in a new service's folder by the name of another context's module, and hides that."""
    code, root = tree.code, tree.config.service_root(plan.context) + "/"
    if any(home.folder.startswith(f"{plan.service}/") for home in tree.config.homes):
        return  # it has left before: what its team has added since is not judged
    taken, stay = {write.path for write in writes}, list[str]()
    for path in tree.below(root.rstrip("/")):
        name = f"{tree.config.package}.{path.removeprefix(root).removesuffix('.py').replace('/', '.')}"
        owner = code.owner(name) if path.endswith(".py") and name in code.modules.path_of else ""
        if owner not in ("", CORE, plan.context) and path not in taken and code.path(name) != path:
            problems.append(Problem(path, 0, "replaced", f"is there already by the name of `{name}`, which is "
                                    f"{owner}'s and would not be found: taken out", "the patch shows what goes",
                                    severity="warning"))  # fmt: skip
            yield Write(path, None, f"what hides {name}", tree.mode(path))
        elif path.endswith(".py") and path not in taken and tree.read(path):
            stay.append(path)
    if stay:
        lines, more = sum((tree.read(path) or b"").count(b"\n") for path in stay), ", …" if stay[1:] else ""
        there = f"{counted(len(stay), 'file')} ({counted(lines, 'line')})"
        problems.append(Problem(plan.service, 0, "there-already", f"has {there} besides what "
                                f"comes, which {'are' if stay[1:] else 'is'} the service's from then on: "
                                f"{stay[0]}{more}", "decompose prune "
                                "tells afterwards which of them nothing uses", "warning"))  # fmt: skip


def _data(tree: Tree, carried: Mapping[str, str], taken: set[str]) -> Iterator[Write]:
    """Copies of what a module reads from its folder, beside the copy of the module."""
    for file, new in carried.items():
        if new not in taken:
            taken.add(new)
            yield Write(new, tree.read(file), f"the copy of {file}", tree.mode(file))


def _moves(
    moves: Iterable[Move], moved: Mapping[str, str], texts: Mapping[str, TextFacts], read: Read, mode: Mode,
    problems: list[Problem],
) -> Iterator[Write]:  # fmt: skip
    for move in moves:
        content = read(move.old)
        if content is not None and move.old in texts:
            problems += other_mentions(move.old, content, (), moved)
            content = rewrite_paths(content, moved)
        yield Write(move.old, None, f"the move of {move.old}", mode(move.old))
        yield Write(move.new, content, f"the move of {move.old}", mode(move.old), move.old)


def _at_home(
    tree: Tree, plan: ExtractionPlan, writes: Iterable[Write], problems: list[Problem]
) -> Iterator[Write]:  # fmt: skip
    """The moves, of which those keep the folder that they had for `__file__` whose files do not go with them."""
    gone = {move.old for move in plan.moves}
    whole, files = [folder.old for folder in plan.folders], tree.below(tree.config.root())
    for write in writes:
        old, content = write.moved_from, write.content
        if old in gone and old.endswith(".py") and content and reads_what_stays(old, content, gone, whole, files):
            write = replace(write, content=with_old_folder(content, old, write.path))
            line = content[: content.index(b"__file__")].count(b"\n") + 1
            told = "it is made to mean the folder that the module was in" if write.content != content else \
                "which means another folder after the move"  # fmt: skip
            problems.append(Problem(old, line, "path-to-review", f"uses `__file__`: {told}",
                                    "move the files it reads, and write `__file__` again", "warning"))  # fmt: skip
        yield write


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


