"""Import statements respelled in place: never hoisted, never reordered, split only where a part of the names moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from decomposer.model.sites import Edit, ImportedName, ImportSite
from decomposer.rewrite.view import View
from decomposer.syntax.bytes_of_text import Text

_DIRECTIVE = re.compile(rb"[ \t]*#[ \t]*(?:noqa|type:|pragma|isort|pylint|ruff|mypy|pyright|fmt)[^\r\n]*")
_REST = re.compile(rb"[^\r\n]*")
_WORD, _GAP = rb"[\w\x80-\xff]+", rb"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_NAME = re.compile(_WORD + rb"(?:" + _GAP + rb"\." + _GAP + _WORD + rb")*")
_COMMA = re.compile(_GAP + rb",[ \t]*")
_FAR_COMMA = re.compile(rb"(?:[\s\\]|#[^\r\n]*)*,[ \t]*")
"""A comma that may stand on a later line, behind comments."""


def from_edits(site: ImportSite, view: View, content: Text) -> Iterator[Edit]:
    """The edits of one `from` statement."""
    base = view.absolute(site.level, site.module)
    if base is None and not view.repaired(site.line, site.names[0].name):
        return
    if view.alias and _binds_over(site, base or "", view):
        return  # loading the alias later would put the module over the name again: it has to be loaded before
    groups: dict[str, list[tuple[ImportedName, str]]] = {}
    for name in site.names:
        module, imported = _after(view, site.line, base or "", name)
        groups.setdefault(module, []).append((name, imported))
    written = "." * site.level + site.module
    stays = base if base is not None and base in groups else next(iter(groups))
    if stays == "":  # a submodule that is a top-level module now
        if len(groups) == 1:
            yield Edit(site.start, site.end, "; ".join(_plain(name, new) for name, new in groups[""]).encode())
            return
        stays = next(module for module in groups if module)
    spelled = view.spell(stays, site.level, site.module)
    if spelled != written:
        yield module_edit(site, spelled, content.utf8)
    for name, imported in groups[stays]:
        if imported != name.name:
            yield name_edit(name, imported, _as(imported, name), content.utf8)
    gone = {name for module, names in groups.items() if module != stays for name, _ in names}
    if not gone:
        return
    yield from without_names(site, gone, content.utf8)
    before = [_statement(view, site, module, names) for module, names in groups.items()
              if module != stays and _comes_first(module, groups)]  # fmt: skip
    after = [_statement(view, site, module, names) for module, names in groups.items()
             if module != stays and not _comes_first(module, groups)]  # fmt: skip
    yield from added_statements(site, before, after, content)


def added_statements(
    site: ImportSite, before: Sequence[str], after: Sequence[str], content: Text
) -> Iterator[Edit]:
    """Statements put right before and right after another, on lines of their own where that one has one."""
    utf8 = content.utf8
    if not site.own_line:
        if before:
            yield Edit(site.start, site.start, "".join(f"{text}; " for text in before).encode())
        if after:
            yield Edit(site.end, site.end, "".join(f"; {text}" for text in after).encode())
        return
    line_start = max(utf8.rfind(b"\n", 0, site.start), utf8.rfind(b"\r", 0, site.start)) + 1
    indent = utf8[line_start : site.start]
    newline = content.newline()
    rest = _REST.match(utf8, site.end)
    line_end = rest.end() if rest else site.end
    directive = _DIRECTIVE.match(utf8, site.end)
    comment = directive[0] if directive else b""
    if before:
        lines = [text.encode() + comment + newline + indent for text in before]
        yield Edit(site.start, site.start, b"".join(lines))
    if after:
        yield Edit(line_end, line_end, b"".join(newline + indent + text.encode() + comment for text in after))


def _after(view: View, line: int, base: str, name: ImportedName) -> tuple[str, str]:
    """The module that a name is imported from after the move, and what it is called there."""
    meant = view.repaired(line, name.name)
    if meant:
        return view.renames.new(meant), name.name
    if name.name != "*" and view.is_submodule(base, name.name):
        parent, _, last = view.renames.new(f"{base}.{name.name}").rpartition(".")
        return parent, last
    return view.renames.new(base), name.name


def _binds_over(site: ImportSite, base: str, view: View) -> bool:
    """Whether a package gives the name of a module that leaves it to something of that module, in this statement."""
    parent, _, child = base.rpartition(".")
    return bool(view.renames.moved(base)) and view.package == parent and view.path.endswith("/__init__.py") and any(
        name.bound == child for name in site.names
    ) and not view.is_submodule(parent, child)  # fmt: skip


def _comes_first(module: str, groups: dict[str, list[tuple[ImportedName, str]]]) -> bool:
    return module == next(iter(groups))


def module_edit(site: ImportSite, spelled: str, utf8: bytes) -> Edit:
    """The edit that makes a `from` statement name another module."""
    start, end = site.module_start, site.module_end
    text = spelled.encode()
    if utf8[start - 1 : start] == b"m" and not text.startswith(b"."):  # `from.a import b`
        text = b" " + text
    if utf8[end : end + 1] == b"i" and not text.endswith(b"."):  # `from .import b`
        text += b" "
    return Edit(start, end, text)


def _statement(view: View, site: ImportSite, module: str, names: list[tuple[ImportedName, str]]) -> str:
    if not module:
        return "; ".join(_plain(name, new) for name, new in names)
    return f"from {view.spell(module, site.level, '')} import {', '.join(_as(new, name) for name, new in names)}"


def _as(imported: str, name: ImportedName) -> str:
    handed_on = name.renamed and name.name == name.bound  # `x as x` says that others may import it from here
    return f"{imported} as {name.bound}" if handed_on or imported != name.bound else imported


def name_edit(name: ImportedName, imported: str, told: str, utf8: bytes) -> Edit:
    """The edit that makes an imported name another one; the spaces around `as` stay where it does."""
    written = _NAME.match(utf8, name.start)
    if name.renamed and told == f"{imported} as {name.bound}" and written:
        return Edit(name.start, written.end(), imported.encode())
    return Edit(name.start, name.end, told.encode())


def _plain(name: ImportedName, imported: str) -> str:
    return f"import {_as(imported, name)}"


def without_names(site: ImportSite, gone: set[ImportedName], utf8: bytes) -> Iterator[Edit]:
    """The edits that take some names out of a statement; at least one stays."""
    in_brackets = b"(" in utf8[site.module_end : site.names[0].start]
    last_kept = max(position for position, name in enumerate(site.names) if name not in gone)
    for position, name in enumerate(site.names):
        if name not in gone:
            continue
        line = _own_line(name, utf8)
        far = _FAR_COMMA.match(utf8, name.end) if in_brackets else None
        if in_brackets and line is not None and (far is None or far.end() <= line[1]):
            yield Edit(*line, b"")
            continue
        comma = far if far and b"#" not in far[0] else _COMMA.match(utf8, name.end)
        if position > last_kept and not in_brackets:
            yield Edit(site.names[position - 1].end, name.end, b"")
        elif comma:
            yield Edit(name.start, comma.end(), b"")
        else:
            start = name.start
            while utf8[start - 1 : start] in (b" ", b"\t"):
                start -= 1
            yield Edit(start, name.end, b"")
            if far:
                yield Edit(far.start() + far[0].rindex(b","), far.end(), b"")


def _own_line(name: ImportedName, utf8: bytes) -> tuple[int, int] | None:
    """The line of a name that stands alone on it, None for a name that does not."""
    start = max(utf8.rfind(b"\n", 0, name.start), utf8.rfind(b"\r", 0, name.start)) + 1
    if utf8[start : name.start].strip():
        return None
    rest = re.compile(rb"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)").match(utf8, name.end)
    return (start, rest.end()) if rest else None
