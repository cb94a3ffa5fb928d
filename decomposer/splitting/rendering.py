"""The bytes of every part of a module that is split: new modules, and what is left of the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from decomposer.model.sites import Edit
from decomposer.model.units import Unit
from decomposer.splitting.asked import Asked
from decomposer.splitting.imports import from_statement, imports_text, spelled
from decomposer.splitting.module import Module
from decomposer.splitting.parts import Homes, Split
from decomposer.splitting.remains import import_edits

_SHOWN = 3
_DIRECTIVE = re.compile(
    rb"^#[ \t]*(?:(?:ruff|flake8)[:=][ \t]*noqa|mypy:|pyright:|pylint:[ \t]*(?:disable|skip))[^\r\n]*", re.MULTILINE
)
"""Comments on lines of their own that tell a tool about the whole file."""
_BLANK = re.compile(rb"\A(?:[ \t\f]*(?:\r\n|\r|\n))*")
_TOP = frozenset({"future", "import"})


def render(module: Module, split: Split, asked: Asked) -> dict[str, bytes]:
    """The bytes of each part by its dotted name, the old module's among them.

    Raises ValueError where the encoding has no form for what is put in.
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
    lines = list(_handed_on(homes, asked))
    place, blank = _place(homes, moved[0])
    text = b"".join(line.encode() + newline for line in lines)
    if place == module.units[0].code and moved[0]:  # nothing parts it from the code
        text += newline * 2
    if lines:
        edits.append(Edit(place, place, (newline if blank else b"") + text))
    end = _BLANK.match(module.content.utf8)
    return _BLANK.sub(end[0] if end else b"", module.content.edited(edits), count=1)


def _handed_on(homes: Homes, asked: Asked) -> Iterator[str]:
    """The imports of what has moved: what others may ask the module for is imported in a way that says so."""
    module = homes.module
    _, needed = homes.needed(module.name)
    for part in sorted(part for part, _ in homes.split.parts):
        names = sorted(name for name, where in homes.moved.items() if where == part)
        handed = [name for name in names
                  if name in asked.names or not (name.startswith("_") or name in module.made)]  # fmt: skip
        plain = [name for name in names if name not in handed and name in needed]
        if plain:
            yield from_statement(module, spelled(module, part), plain)
        yield from (from_statement(module, spelled(module, part), [f"{name} as {name}"]) for name in handed)


def _place(homes: Homes, first: int) -> tuple[int, bool]:
    """Where the imports of new modules go in the old one, and whether a blank line goes before them.

    That is behind the last import above whatever moved or loads what moved.
    """
    module = homes.module
    loading = [number for number in homes.split.kept if module.units[number].loads & homes.moved.keys()]
    first = min([first, *loading])
    above = [number for number in module.repeated if number < first and module.units[number].kind in _TOP]
    last = max(above, default=-1)
    acting = [number for number in homes.split.kept if last < number < first and module.units[number].kind == "effect"]
    if acting:
        return module.units[acting[-1]].end, True
    if last < 0:
        top = [unit for unit in module.units[:first] if unit.kind == "docstring"]
        start = module.units[0].start
        return (top[-1].end, True) if top else (start, start > 0)
    return module.units[last].end, not _is_relative(module, module.units[last])


def _is_relative(module: Module, unit: Unit) -> bool:
    return any(site.level for site in module.sites.imports if unit.start <= site.start < unit.end)
