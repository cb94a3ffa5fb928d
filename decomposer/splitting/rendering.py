"""The bytes of every part of a module that is split: new modules, and what is left of the old one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from decomposer.model.sites import Edit
from decomposer.splitting.asked import Asked
from decomposer.splitting.handing import guarded, handed_on, place_of
from decomposer.splitting.imports import imports_text
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Homes, Split
from decomposer.splitting.remains import import_edits

_SHOWN = 3
_DIRECTIVE = re.compile(
    rb"^#[ \t]*(?:(?:ruff|flake8)[:=][ \t]*noqa|mypy:|pyright:|pylint:[ \t]*(?:disable|skip))[^\r\n]*", re.MULTILINE
)
"""Comments on lines of their own that tell a tool about the whole file."""
_BLANK = re.compile(rb"\A(?:[ \t\f]*(?:\r\n|\r|\n))*")


def render(module: Module, split: Split, asked: Asked) -> dict[str, bytes]:
    """The bytes of each part by its dotted name, the old module's among them.

    Raises ValueError where the encoding has no form for what is put in, and where the order of the names counts and
    cannot be kept.
    """
    homes = Homes(module, split)
    found = {name: _new_module(homes, name, numbers) for name, numbers in split.parts}
    return {module.name: _old_module(homes, asked), **found}


def _new_module(homes: Homes, name: str, numbers: Sequence[int]) -> bytes:
    module = homes.module
    content, newline = module.content, module.content.newline()
    own, others = homes.needed(name)
    directives = b"".join(found[0] + newline for found in _DIRECTIVE.finditer(content.utf8))
    cookie = f"# -*- coding: {content.encoding} -*-".encode() + newline if content.encoding != "utf-8" else b""
    parts = [cookie + directives + _docstring(module, numbers) + newline]
    top = imports_text(module, own, others)
    if top:
        parts.append(newline + top)
    before = -1
    for number in numbers:
        unit = module.units[number]
        text = content.utf8[unit.code : unit.end]
        parts.append(_gap(module, before, number) + (text if text.endswith((b"\n", b"\r")) else text + newline))
        before = number
    utf8 = b"".join(parts)
    return utf8 if content.encoding == "utf-8" else utf8.decode("utf-8").encode(content.encoding)


def _gap(module: Module, before: int, number: int) -> bytes:
    """The blank lines above a unit: its own, and two around classes and functions that have come together."""
    unit = module.units[number]
    own = module.content.utf8[unit.start : unit.code]
    if before == number - 1 and before >= 0:
        return own
    kinds = {unit.kind, module.units[before].kind if before >= 0 else ""}
    least = 2 if kinds & {"class", "function"} else 1
    newline = module.content.newline()
    return newline * max(least, min(own.count(newline), 2))


def _docstring(module: Module, numbers: Sequence[int]) -> bytes:
    """The first line of a new module: what it holds, and what it was part of."""
    names = list(dict.fromkeys(f"`{name}`" for number in sorted(numbers, key=lambda n: (-module.span(n), n))
                               for name in module.units[number].defines))  # fmt: skip
    shown = names[:_SHOWN]
    if len(names) > _SHOWN:
        told = f"{', '.join(shown)} and {len(names) - _SHOWN} more"
    else:
        told = " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    last = module.name.rpartition(".")[2]
    if any(name.strip("`") in module.made for name in names):
        return f'"""{told}, which `{last}` is made of."""'.encode()
    return f'"""{told}, as `{last}` hands {"them" if len(names) > 1 else "it"} on."""'.encode()


def _old_module(homes: Homes, asked: Asked) -> bytes:
    module = homes.module
    moved = sorted(number for _, numbers in homes.split.parts for number in numbers)
    edits = [Edit(module.units[number].start, module.units[number].end, b"") for number in moved]
    edits += import_edits(homes, asked)
    newline = module.content.newline()
    handed = handed_on(homes, asked)
    place = place_of(homes, asked, handed)
    if place is None:
        raise ValueError("no place for its imports keeps the order of its names")
    text = b"".join(line.encode() + newline for line in guarded(handed, asked))
    if place.start == module.units[0].code and moved[0]:  # nothing parts it from the code
        text += newline * 2
    if handed:
        edits.append(Edit(place.start, place.start, newline * place.blank + text))
    end = _BLANK.match(module.content.utf8)
    return _BLANK.sub(end[0] if end else b"", module.content.edited(edits), count=1)
