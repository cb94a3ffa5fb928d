"""A package that hands on names of a moved module without loading it at once (PEP 562)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from decomposer.model.sites import Edit, ImportSite, Sites
from decomposer.rewrite.view import absolute
from decomposer.syntax.bytes_of_text import Text, text_of
from decomposer.syntax.header import first_statement_offset
from decomposer.syntax.sites import read_sites

_LOADER = '''

_LATER = {table}
"""Names of modules that have moved: loaded when they are asked for, since loading them here would be a circle."""


def __getattr__(name: str) -> object:
    if name in _LATER:
        import importlib

        module, attribute = _LATER[name]
        loaded = importlib.import_module(module)
        return getattr(loaded, attribute) if attribute else loaded
    {otherwise}
'''
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_NOTHING = 'raise AttributeError(f"module {__name__!r} has no attribute {name!r}")'
_BEFORE = "return _getattr_before(name)"


def load_later(
    source: bytes, package: str, is_moved: Callable[[str], bool], is_module: Callable[[str], bool]
) -> bytes | None:
    """A package's `__init__.py` with its imports of moved modules put off until somebody asks for the names.

    Type checkers still see them. `is_moved` is asked of the dotted names after the move, `is_module` whether such a
    name is a module. None where there is no such import, or the package uses the names itself while it loads.
    """
    content = text_of(source)
    sites = read_sites(source, content)
    later = list(_moved_imports(sites, content, package, is_moved))
    table: dict[str, tuple[str, str]] = {}
    for site, base in later:
        for name in site.names:
            inner = f"{base}.{name.name}"
            table[name.bound] = (inner, "") if not is_moved(base) and is_module(inner) else (base, name.name)
    if not table or _uses(sites, set(table)):
        return None
    edits = [*_for_types(later, content), *_loader(table, sites, content)]
    if not any(name.bound == "TYPE_CHECKING" for site in sites.imports for name in site.names):
        at, newline = first_statement_offset(source) - len(content.mark), content.newline()
        before = newline if content.utf8[:at].strip() and not content.utf8[:at].endswith(newline * 2) else b""
        after = newline if content.utf8[at:].startswith((b"\n", b"\r")) else newline * 2
        edits.append(Edit(at, at, before + b"from typing import TYPE_CHECKING" + after))
    return content.edited(edits)


def load_last(source: bytes, package: str, is_moved: Callable[[str], bool]) -> bytes | None:
    """A package's `__init__.py` with its imports of moved modules at its end, when its other names are there.

    None where there is no such import, or the package uses the names itself.
    """
    content = text_of(source)
    sites = read_sites(source, content)
    last = list(_moved_imports(sites, content, package, is_moved))
    if not last or _uses(sites, {name.bound for site, _ in last for name in site.names}):
        return None
    newline, end = content.newline(), len(content.utf8)
    lines = [b"", b"# last, since what they load asks this package for names"]
    edits = []
    for site, _ in last:
        line_end = _LINE.match(content.utf8, site.end)
        stop = line_end.end() if line_end else site.end
        lines.append(content.utf8[site.start : stop].rstrip(b"\r\n"))
        edits.append(Edit(site.start, stop, b""))
    told = newline.join(lines) + newline
    edits.append(Edit(end, end, told if content.utf8.endswith((b"\n", b"\r")) else newline + told))
    return content.edited(edits)


def _moved_imports(
    sites: Sites, content: Text, package: str, is_moved: Callable[[str], bool]
) -> Iterator[tuple[ImportSite, str]]:
    """The statements that load moved modules at once, each with the module that it names."""
    for site in sites.imports:
        if site.is_from and site.kind == "load" and site.scope == 0 and _stands_free(site, content):
            base = absolute(package, site.level, site.module) or ""
            moved = [is_moved(base) or is_moved(f"{base}.{name.name}") for name in site.names]
            if all(moved) and site.names[0].name != "*":
                yield site, base


def _stands_free(site: ImportSite, content: Text) -> bool:
    """Whether a statement is alone on its lines and under no condition."""
    return site.own_line and content.utf8[site.start - 1 : site.start] not in (b" ", b"\t")


def _uses(sites: Sites, names: set[str]) -> bool:
    """Whether the package uses any of the names itself: in a function too, a name that is loaded later is not found."""
    return any(use.name.partition(".")[0] in names and use.scope == 0 for use in sites.uses)


def _for_types(later: list[tuple[ImportSite, str]], content: Text) -> Iterator[Edit]:
    newline = content.newline()
    for site, _ in later:
        text = content.utf8[site.start : site.end]
        yield Edit(site.start, site.end, b"if TYPE_CHECKING:" + newline + b"    " + text)


def _loader(table: dict[str, tuple[str, str]], sites: Sites, content: Text) -> Iterator[Edit]:
    end = len(content.utf8)
    lines = ["{", *(f'    "{name}": ("{module}", "{attribute}"),' for name, (module, attribute) in table.items()), "}"]
    has_own = b"def __getattr__" in content.utf8
    text = _LOADER.replace("{table}", "\n".join(lines)).replace("{otherwise}", _BEFORE if has_own else _NOTHING)
    if has_own:
        text = "\n\n_getattr_before = __getattr__\n" + text.lstrip("\n")
    told = text.encode().replace(b"\n", content.newline())
    yield Edit(end, end, (b"" if content.utf8.endswith(b"\n") else content.newline()) + told)
