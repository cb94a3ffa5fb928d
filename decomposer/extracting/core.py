"""The shared core: what it takes from the monolith, and how that finds it there."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator

from decomposer.changeset import Write
from decomposer.extracting.parts import parts
from decomposer.extracting.tree import Tree
from decomposer.facts.python import read_python
from decomposer.model.config import CORE, CORE_NAMES
from decomposer.model.moves import ModuleMove, MovePlan
from decomposer.model.problems import Problem
from decomposer.model.pruning import Gone
from decomposer.moving import move_writes
from decomposer.moving.situation import Situation
from decomposer.planning.beside import going_along
from decomposer.planning.contents import Contents, core_contents
from decomposer.rewrite.package_path import extend_package
from decomposer.rewrite.python_file import respell_python
from decomposer.rewrite.strings import Frozen
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.header import first_statement_offset
from decomposer.syntax.pruned import pruned
from decomposer.syntax.sites import read_sites

_SHIM = '"""{what}, which lies in {folder}: as long as it is not installed, it is found there."""\n'
_ALIAS = '''"""`{old}`: the shared core's `{new}`, that very module."""

import sys

import {new}  # noqa: F401

sys.modules[__name__] = sys.modules["{new}"]
'''


def core_writes(tree: Tree, shared: Collection[str], expires: str) -> tuple[list[Write], list[Problem]]:
    """The final bytes of every file when these modules go to the core, and what to know about it."""
    problems: list[Problem] = []
    code = tree.code
    packages = {module for module in shared if code.has_code(module)}
    names = core_names(tree, shared)
    there = {m for m in code.modules.path_of if code.in_core(m) and not code.is_package(m)}
    found = core_contents(code, shared)
    found.with_code.update(packages)
    for package in packages:
        names_of = found.parted.setdefault(package, set())
        names_of |= {n.bound for n in code.needs.of(package) if n.module in found.own or code.in_core(n.module)}
    plan = _plan(tree, {m: new for m, new in names.items() if m not in packages}, found, packages)

    def finish(situation: Situation, writes: list[Write]) -> list[Write]:
        done = {write.path for write in writes}
        for path in sorted(code.path(package) for package in packages):
            if path not in done:
                writes.append(Write(path, tree.read(path), f"what {path} hands on", tree.mode(path)))
        writes = [_handed_on(tree, write, packages, names) for write in writes]
        writes += list(_barrels(tree, situation, found, plan, problems))
        writes += empty_packages(tree, tree.config.service_root(CORE), "the shared core", writes)
        path = f"{tree.config.service_root(CORE)}/__init__.py"
        top = next((write.content for write in writes if write.path == path), None) or b""
        return [*writes, *_ways(tree, {*names.values(), *there}, top)]

    writes, told = move_writes(
        plan, expires, False, tree.python, tree.texts, tree.paths, tree.read, tree.mode, finish,
        readers=tree.readers,
    )  # fmt: skip
    return writes, [*told, *problems]


def core_names(tree: Tree, shared: Collection[str]) -> dict[str, str]:
    """The name in the core of each module; `core.config` becomes `config` there, if that name is free."""
    package, core = tree.config.package, tree.config.core_package()
    found: dict[str, str] = {}
    taken = {m for m in tree.code.modules.path_of if tree.code.in_core(m)}
    for module in sorted(shared, key=lambda m: (m.startswith(f"{package}.core."), m)):
        below = module.partition(".")[2]
        plain = f"{core}.{below.removeprefix('core.')}"
        found[module] = plain if plain not in {*taken, *found.values()} else f"{core}.{below}"
    return found


def _plan(tree: Tree, names: dict[str, str], found: Contents, packages: Collection[str]) -> MovePlan:
    config, code = tree.config, tree.code
    source, package, core = config.service_root(CORE).rpartition("/")[0], config.package, config.core_package()
    moves = tuple(
        ModuleMove(old, new, code.path(old), f"{source}/{new.replace('.', '/')}.py", False)
        for old, new in sorted(names.items())
    )
    parted = {package: core, **code.aliases()}
    for module in found.parted:
        if code.is_package(module) and not code.in_core(module):
            parted[module] = core + module.removeprefix(package)
    parts_of = {f"{source}/{new.replace('.', '/')}/__init__.py": code.path(old) for old, new in parted.items()
                if code.is_package(old) and not code.in_core(old)}  # fmt: skip
    files = {move.old_path: move.new_path for move in moves}
    defining = {origin: part for part, origin in parts_of.items() if code.modules.name_of.get(origin) in packages}
    data, readers = going_along({**files, **defining}.items(), tree.read, tree.below(config.root()))
    return MovePlan(
        moves, config.source, package, source, core, {**files, **data}, (), parted=parted, homes=config.homes,
        parts=parts_of, readers=readers,
    )  # fmt: skip


def _barrels(
    tree: Tree, situation: Situation, found: Contents, plan: MovePlan, problems: list[Problem]
) -> Iterator[Write]:
    """The core's own `__init__.py` files: parts of the monolith's, respelled."""
    root = tree.config.service_root(CORE)
    for module, below, content in parts(tree, found, problems):
        path = f"{root}/{below}"
        if tree.code.is_alias(module):
            continue
        if module not in plan.parted:
            problems.append(Problem(tree.code.path(module), 0, "core-needs", "the core would need it, but it puts the "
                                    "monolith together"))  # fmt: skip
            continue
        if module == tree.config.package and not found.parted[module]:
            content = f'"""What the services and the monolith {tree.config.package} have in common."""\n'.encode()
        view = situation.part_view(module, plan.parted)
        text = text_of(content)
        after = respell_python(text, read_sites(content, text), view, Frozen(), {}, (), problems)
        yield Write(path, _joined(tree.read(path), after), f"the core's part of {module}")


def _joined(there: bytes | None, part: bytes) -> bytes:
    """A barrel of the core with what it hands on already, and what comes now."""
    if there is None or not there.strip() or there.strip() == part.strip() or _is_bare(there):
        return part
    present, text = text_of(there), text_of(part)
    known = {name.bound for site in read_sites(there, present).imports for name in site.names if site.scope == 0}
    more: list[str] = []
    for site in read_sites(part, text).imports:
        names = [name for name in site.names if name.bound not in known or name.bound == "*"]
        if site.is_from and site.scope == 0 and names:
            listed = ", ".join(f"{name.name} as {name.bound}" if name.renamed else name.name for name in names)
            more.append(f"from {'.' * site.level}{site.module} import {listed}\n")
    lines = [line for line in more if line.encode().rstrip() not in there.splitlines()]
    return there if not lines else there.rstrip() + b"\n" + "".join(lines).encode()


def _is_bare(source: bytes) -> bool:
    """Whether a module says nothing but what it is about."""
    facts = read_python(source)
    return not facts.error and not (facts.imports or facts.definitions or facts.bindings)


def _handed_on(tree: Tree, write: Write, packages: Collection[str], names: dict[str, str]) -> Write:
    """A package whose own definitions go to the core: it imports them from there."""
    package = tree.code.modules.name_of.get(write.path, "")
    if package not in packages or write.content is None:
        return write
    facts = tree.code.of(package)
    imported = {bound for fact in facts.imports for _, bound in fact.names}
    defined = {d.name for d in facts.definitions if "." not in d.name} | (set(facts.bindings) - imported)
    defined -= {"__all__", "__path__", "_realpath"}
    left, _ = pruned(write.content, Gone(keep=frozenset(imported), hollow=True))
    listed = "".join(f"    {name},\n" for name in sorted(defined))
    statement = f"from {names[package]} import (  # noqa: F401\n{listed})\n".encode()
    at = left.find(b"\n__all__")
    at = at + 1 if at >= 0 else len(left)
    before = left[:at].rstrip() + b"\n" if left[:at].strip() else b""
    content = before + statement + (b"\n" + left[at:] if left[at:].strip() else b"")
    return Write(write.path, content, write.writer, write.mode)


def _ways(tree: Tree, modules: Collection[str], top: bytes) -> Iterator[Write]:
    """How the monolith finds the core, and the names of the plan for its modules.

    What the core's own top package defines (`top`) is defined there too: in the monolith that is the top package.
    """
    yield from way_to(tree, CORE, b"" if _is_bare(top) else top)
    for below, text in planned_aliases(tree, tree.config.package, modules):
        yield Write(f"{tree.config.root()}/{below}", text, f"the name {below}")


def way_to(tree: Tree, context: str, top: bytes = b"") -> Iterator[Write]:
    """How the monolith finds the core, or a service in a package of its own, as long as it is not installed.

    `top` is what the package itself defines.
    """
    config = tree.config
    shim = f"{config.shim(context)}/__init__.py"
    if tree.read(shim) is None or top:
        what = "The shared core" if context == CORE else f"The {context} service"
        text = top or _SHIM.format(what=what, folder=config.service(context)).encode()
        folder = posixpath.relpath(config.service_root(context), config.shim(context))
        yield Write(shim, extend_package(text, folder, first_statement_offset(text)), f"the way to {context}")


def planned_aliases(tree: Tree, package: str, modules: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """The files below a package that know the core's modules by the plan's names; none that the monolith has itself."""
    config = tree.config
    folder = f"{config.root()}/core"
    if tree.read(f"{folder}.py") is not None:
        return
    known = [name for name in CORE_NAMES if f"{config.core_package()}.{name}" in modules]
    found = False
    for name in known:
        there, core = tree.read(f"{folder}/{name}.py"), f"{config.core_package()}.{name}"
        if there in (None, _ALIAS.format(old=f"{config.package}.core.{name}", new=core).encode()):
            found = True
            yield f"core/{name}.py", _ALIAS.format(old=f"{package}.core.{name}", new=core).encode()
    if found and tree.read(f"{folder}/__init__.py") is None:
        yield "core/__init__.py", b'"""The shared core by the names of the plan."""\n'


def empty_packages(tree: Tree, root: str, whose: str, writes: list[Write]) -> list[Write]:
    """An `__init__.py` for each folder of a package that has none; `root` is the package's folder."""
    there = {write.path for write in writes if write.content is not None and write.path.startswith(root + "/")}
    needed: set[str] = {root} if there else set()
    for path in there:
        folder = path.rpartition("/")[0]
        while folder.startswith(root + "/"):
            needed.add(folder)
            folder = folder.rpartition("/")[0]
    return [
        Write(f"{folder}/__init__.py", f'"""{folder.rpartition("/")[2]} of {whose}."""\n'.encode(), whose)
        for folder in sorted(needed)
        if f"{folder}/__init__.py" not in there and tree.read(f"{folder}/__init__.py") is None
    ]
