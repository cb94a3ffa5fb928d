"""A context that gets a package of its own: its modules get new names, and every reference to them follows."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from decomposer.changeset import Write
from decomposer.extracting.calls import client_writes
from decomposer.extracting.copies import copied, marked
from decomposer.extracting.core import empty_packages, planned_aliases, way_to
from decomposer.extracting.moving_tests import fixture_writes, moving_tests
from decomposer.extracting.parts import complete_part
from decomposer.extracting.tree import Tree, Way
from decomposer.model.contracts import CallContract
from decomposer.model.moves import ModuleMove, MovePlan
from decomposer.model.problems import Problem
from decomposer.moving import move_writes
from decomposer.moving.situation import Situation
from decomposer.planning.contents import Contents
from decomposer.planning.extraction import ExtractionPlan
from decomposer.planning.naming import Naming, name_modules
from decomposer.rewrite.python_file import respell_python
from decomposer.rewrite.strings import Frozen
from decomposer.rewrite.view import View
from decomposer.syntax.bytes_of_text import text_of
from decomposer.syntax.sites import read_sites

_SAME = '''"""`{old}`: `{new}`, that very module."""

import sys

del sys.modules[__name__]  # what is loaded below and asks for this one gets the module itself

import {new}  # noqa: E402, F401

sys.modules[__name__] = sys.modules["{new}"]
'''


def renamed_writes(
    tree: Tree, plan: ExtractionPlan, found: Contents, way: Way, agreed: Sequence[CallContract],
    problems: list[Problem],
) -> tuple[list[Write], dict[str, str]]:
    """The final bytes of every file but the scaffolding, and the new name of each module, or part, that has one."""
    config = tree.config
    naming = name_modules(tree.code, found, config, problems)
    new = {**naming.modules, **naming.packages, **naming.assembled}
    root = config.service_root(found.context)
    source, package = root.rpartition("/")[0], config.package_of(found.context)
    moves = tuple(_module_moves(tree, plan, naming, source))
    files = {move.old: _new_path(move.old, moves) for move in plan.moves}
    tests = moving_tests(tree, found, naming.inner.parted)
    files |= tests.moves
    apart = tuple(f"{folder}/" for folder in _services(tree) if folder != plan.service)
    move_plan = MovePlan(
        moves, config.source, config.package, source, package, files, (), parted=naming.packages, homes=config.homes,
        apart=apart, parts=dict(_origins(tree, naming, new, source)),
    )  # fmt: skip

    def finish(situation: Situation, writes: list[Write]) -> list[Write]:
        writes += _parts(tree, situation, naming, new, source, problems)
        writes += _outside(tree, situation, naming, apart, source, writes, problems)
        writes += client_writes(tree, naming.outer, agreed, way, lambda module: _place(tree, source, module, module))
        core = {module for module in tree.code.modules.path_of if tree.code.in_core(module)}
        taken = {write.path for write in writes}
        for below, content in planned_aliases(tree, package, core):
            if f"{root}/{below}" not in taken:
                writes.append(Write(f"{root}/{below}", content, f"the name {below}"))
        entry = new.get(tree.code.entry, "")
        if entry not in ("", f"{package}.main") and f"{root}/main.py" not in taken:
            attribute = config.entries[0].partition(":")[2] or "app"
            text = f'"""The {found.context} service."""\n\nfrom {entry} import {attribute}\n'
            text += f'\n__all__ = ["{attribute}"]\n'
            writes.append(Write(f"{root}/main.py", text.encode(), "the service's entry"))
        tops = {write.path.removeprefix(source + "/").partition("/")[0] for write in writes
                if write.path.startswith(source + "/")}  # fmt: skip
        for top in sorted(tops):
            writes += empty_packages(tree, f"{source}/{top}", f"the {found.context} service", writes)
        parted = {**naming.packages, **naming.assembled}
        for write in fixture_writes(tree, tests):
            origin = next(old for old, new_path in tests.fixtures.items() if new_path == write.path)
            content = _respelled(write.content or b"", situation.inner_view(origin, parted), problems)
            writes.append(Write(write.path, content, write.writer))
        return [*writes, *way_to(tree, found.context)]

    writes, told = move_writes(
        move_plan, way.expires, False, tree.python, tree.texts, tree.paths, tree.read, tree.mode, finish,
        readers=tree.readers,
    )  # fmt: skip
    problems += told
    return writes, new


def _services(tree: Tree) -> list[str]:
    """The folders of all services that there may be."""
    return [tree.config.service(context.name) for context in tree.rule_set.contexts]


def _module_moves(tree: Tree, plan: ExtractionPlan, naming: Naming, source: str) -> Iterator[ModuleMove]:
    """The moves of whole packages, and of modules that are in none of them."""
    whole = [move.old for move in plan.folders]
    names = tree.code.modules.name_of
    for folder in whole:
        module = names.get(f"{folder}/__init__.py", "")
        if module in naming.modules:
            new = naming.modules[module]
            yield ModuleMove(module, new, folder, f"{source}/{new.replace('.', '/')}", True)
    for move in plan.moves:
        module = names.get(move.old, "")
        inside = any(move.old.startswith(f"{folder}/") and f"{folder}/__init__.py" in names for folder in whole)
        if module in naming.modules and not inside and tree.code.path(module) == move.old:
            new = naming.modules[module]
            yield ModuleMove(module, new, move.old, f"{source}/{new.replace('.', '/')}.py", False)


def _new_path(path: str, moves: tuple[ModuleMove, ...]) -> str:
    """Where a file goes: with its module, with its package, or beside the modules of its folder."""
    for move in moves:
        if path == move.old_path or (move.is_package and path.startswith(move.old_path + "/")):
            return move.new_path + path.removeprefix(move.old_path)
    folder = posixpath.dirname(path)
    while folder:
        beside = next((m for m in moves if posixpath.dirname(m.old_path) == folder), None)
        if beside is not None:
            return posixpath.dirname(beside.new_path) + path.removeprefix(folder)
        folder = posixpath.dirname(folder)
    raise AssertionError(path)


def _place(tree: Tree, source: str, module: str, dotted: str) -> str:
    """The file in a service of a module's part or copy, which is called `dotted` there."""
    return f"{source}/{dotted.replace('.', '/')}" + ("/__init__.py" if tree.code.is_package(module) else ".py")


def _origins(tree: Tree, naming: Naming, new: Mapping[str, str], source: str) -> Iterator[tuple[str, str]]:
    """Every part and copy, with the file that it is one of."""
    for module in (*naming.packages, *naming.assembled):
        yield _place(tree, source, module, new[module]), tree.code.path(module)
    for module in (*naming.outer.parted, *naming.outer.copies):
        yield _place(tree, source, module, module), tree.code.path(module)


def _parts(
    tree: Tree, situation: Situation, naming: Naming, new: Mapping[str, str], source: str, problems: list[Problem]
) -> Iterator[Write]:
    """The service's parts of the monolith's barrels, and of what puts it together, in its own package."""
    parted = {**naming.packages, **naming.assembled}
    for module in sorted(parted):
        content = complete_part(tree, naming.inner, module, problems)
        # The monolith loads barrels too: there what puts things together is one, under the name that it always had.
        view = situation.part_view(module, naming.packages if module in naming.packages else parted)
        path = _place(tree, source, module, new[module])
        after = _respelled(content, view, problems) + _typed(tree, naming, module, view)
        after = copied(tree, after, tree.code.path(module), path)
        yield Write(path, after, f"the service's part of {module}")


def _typed(tree: Tree, naming: Naming, package: str, view: View) -> bytes:
    """What the service's modules ask a part for only when types are checked, and that is another context's."""
    code = tree.code
    asked: dict[str, str] = {}
    for module in naming.modules:
        for fact in code.of(module).imports if package in naming.packages else ():
            if fact.kind == "typing" and code.modules.absolute(code.path(module), fact.level, fact.module) == package:
                for name, _ in fact.names:
                    symbol = code.symbols.resolve(package, name)
                    if symbol is not None and symbol.name and name not in naming.inner.parted[package]:
                        asked[name] = f"    from {view.renames.new(symbol.module)} import {symbol.name} as {name}\n"
    if not asked:
        return b""
    lines = "".join(asked[name] for name in sorted(asked))
    return f"\nfrom typing import TYPE_CHECKING  # noqa: E402\n\nif TYPE_CHECKING:\n{lines}".encode()


def _outside(
    tree: Tree, situation: Situation, naming: Naming, apart: tuple[str, ...], source: str, writes: list[Write],
    problems: list[Problem],
) -> Iterator[Write]:  # fmt: skip
    """What the service carries under the names that it has elsewhere: copies, and the packages that they lie in."""
    code = tree.code
    final = {write.path: write.content for write in writes}

    def place(module: str) -> str:
        return _place(tree, source, module, module)

    theirs = (module for module in naming.outer.copies if code.path(module).startswith(apart))
    known = {need.module for module in theirs for need in code.needs.of(module)} & naming.modules.keys()
    known |= naming.assembled.keys() & naming.outer.parted.keys()
    for module in sorted(known):  # what another service has left as it is knows these by the names they had
        new = naming.modules.get(module) or naming.assembled[module]
        yield Write(place(module), _SAME.replace("{old}", module).replace("{new}", new).encode(), f"the name {module}")
    for module in sorted(naming.outer.parted.keys() - known):
        if code.in_core(module):
            continue
        content = complete_part(tree, naming.outer, module, problems)
        view = replace(situation.view(code.path(module)), alias=False)
        after = copied(tree, _respelled(content, view, problems), code.path(module), place(module))
        yield Write(place(module), after, f"the service's part of {module}")
    for module in sorted(naming.outer.copies):
        path = code.path(module)
        content = final.get(path) or tree.read(path) or b""
        copy = copied(tree, content, path, place(module))
        yield Write(place(module), marked(copy, path, content), f"the copy of {module}")


def _respelled(content: bytes, view: View, problems: list[Problem]) -> bytes:
    text = text_of(content)
    return respell_python(text, read_sites(content, text), view, Frozen(), {}, (), problems)
