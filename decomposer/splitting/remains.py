"""The imports that a module does not need any more once parts of it have gone, taken out of it."""

from __future__ import annotations

from collections.abc import Iterator

from decomposer.model.sites import Edit, ImportSite
from decomposer.rewrite.import_statements import without_names
from decomposer.splitting.asked import Asked
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Homes


def import_edits(homes: Homes, asked: Asked) -> Iterator[Edit]:
    """The edits that take out what only units that have gone used, and nobody asks the module for."""
    module = homes.module
    gone = _gone(homes, asked)
    imports = [number for number in sorted(module.imports) if module.units[number].kind in ("import", "typing")]
    whole = [number for number in imports if gone >= set(module.units[number].defines)]
    keeps = set(_keep_distance(module, whole))
    for number in imports:
        unit = module.units[number]
        if number in whole:
            yield Edit(unit.code if number in keeps else unit.start, unit.end, b"")
        else:
            for site in module.imports[number]:
                yield from _without(module, site, gone)


def _keep_distance(module: Module, gone: list[int]) -> Iterator[int]:
    """The units above which the blank lines stay, since what follows them has none of its own."""
    for number in gone:
        after = number + 1
        while after in gone and module.units[after].code == module.units[after].start:
            after += 1
        follows = after < len(module.units) and after not in gone
        if follows and module.units[after].code == module.units[after].start:
            yield number


def _gone(homes: Homes, asked: Asked) -> set[str]:
    """The names of imports that go from the old module."""
    module = homes.module
    if asked.walked or (asked.starred and not any(unit.kind == "exports" for unit in module.units)):
        return set()
    exported = {
        text.value for unit in module.units if unit.kind == "exports"
        for text in module.sites.texts if unit.start <= text.start < unit.end
    }  # fmt: skip
    stays, _ = homes.needed(module.name, [*asked.names, *exported])
    used: set[str] = set()
    for part, _ in homes.split.parts:
        used |= homes.needed(part)[0]
    imported = {name for number in module.imports for name in module.units[number].defines
                if module.units[number].kind in ("import", "typing")}  # fmt: skip
    handed = {name.bound for site in module.sites.imports for name in site.names
              if name.renamed and name.name == name.bound}  # fmt: skip
    return (used - stays - handed) & imported | (imported & homes.moved.keys())


def _without(module: Module, site: ImportSite, gone: set[str]) -> Iterator[Edit]:
    """The edits that take names out of one statement, or all of its lines."""
    leaving = {name for name in site.names if name.bound in gone}
    if not leaving or not site.own_line:
        return
    if len(leaving) < len(site.names):
        yield from without_names(site, leaving, module.content.utf8)
        return
    utf8 = module.content.utf8
    start = max(utf8.rfind(b"\n", 0, site.start), utf8.rfind(b"\r", 0, site.start)) + 1
    end = utf8.find(b"\n", site.end) + 1
    yield Edit(start, end or len(utf8), b"")
