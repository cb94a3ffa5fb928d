"""The import statements of new modules: spelled as they were, with the names that are needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from decomposer.model.sites import ImportSite
from decomposer.model.units import Unit
from decomposer.rewrite.view import relative
from decomposer.splitting.module import Module


def imports_text(module: Module, own: Collection[str], others: Mapping[str, str]) -> bytes:
    """The top of a new module below its docstring; `others` are names with the part that each comes from."""
    newline = module.content.newline()
    blocks: list[bytes] = []
    for kind in ("future", "import"):
        text = b"".join(_statements(module, kind, own))
        if text:
            blocks.append(text.lstrip(b"\r\n"))
    siblings = b"".join(line.encode() + newline for line in part_imports(module, others))
    if siblings:
        if blocks and _ends_relative(module, own) == siblings.startswith(b"from ."):
            blocks[-1] += siblings
        else:
            blocks.append(siblings)
    for kind in ("optional", "typing", "logger"):
        blocks += [text.strip(b"\r\n") + newline for text in _statements(module, kind, own)]
    return newline.join(blocks)


def part_imports(module: Module, names: Mapping[str, str]) -> Iterator[str]:
    """One statement for each part that names come from."""
    by_part: dict[str, list[str]] = {}
    for name, part in sorted(names.items()):
        by_part.setdefault(part, []).append(name)
    for part in sorted(by_part):
        yield from_statement(module, spelled(module, part), by_part[part])


def spelled(module: Module, part: str) -> str:
    """How a module names one beside it: relatively, unless it names all others of its package in full."""
    sites = [site for site in module.sites.imports if site.is_from]
    top = module.name.partition(".")[0]
    absolute = any(site.module.partition(".")[0] == top and not site.level for site in sites)
    if not module.package or (absolute and not any(site.level for site in sites)):
        return part
    return relative(module.package, part)


def from_statement(module: Module, written: str, names: list[str]) -> str:
    """`from written import names`, on lines of their own where one is too short."""
    line = f"from {written} import {', '.join(names)}"
    if len(line) <= module.width:
        return line
    lines = [f"from {written} import (", *(f"    {name}," for name in names), ")"]
    return module.content.newline().decode().join(lines)


def _statements(module: Module, kind: str, own: Collection[str]) -> Iterator[bytes]:
    """The statements of a kind that bind needed names, a blank line before each where there was one above it."""
    newline = module.content.newline()
    blank = False
    for number, unit in enumerate(module.units):
        blank = blank or unit.code > unit.start
        if number not in module.repeated or unit.kind != kind:
            continue
        text = _statement(module, number, unit, own)
        if text:
            yield (newline if blank else b"") + text
            blank = False


def _statement(module: Module, number: int, unit: Unit, own: Collection[str]) -> bytes:
    whole = module.content.utf8[module.content.line_starts()[unit.line - 1] : unit.end]
    whole = whole if whole.endswith((b"\n", b"\r")) else whole + module.content.newline()
    if unit.kind == "logger":
        return _logger(module, unit, whole) if set(unit.defines) & set(own) else b""
    if unit.kind == "future" or number in module.stars:
        return whole
    needed = {name for name in unit.defines if name in own}
    if not needed or needed == set(unit.defines) or unit.kind == "optional":
        return whole if needed else b""
    indent = b"    " if unit.kind == "typing" else b""
    head = whole.splitlines(keepends=True)[0] if unit.kind == "typing" else b""
    lines = [_some_names(module, site, needed, indent) for site in module.imports[number]]
    return head + b"".join(lines)


def _some_names(module: Module, site: ImportSite, needed: set[str], indent: bytes) -> bytes:
    utf8, newline = module.content.utf8, module.content.newline()
    names = [utf8[name.start : name.end].decode() for name in site.names if name.bound in needed]
    if not names:
        return b""
    if not site.is_from:
        text = f"import {', '.join(names)}"
    else:
        written = "." * site.level + site.module
        text = from_statement(module, written, names)
    end = utf8.find(b"\n", site.end)
    rest = utf8[site.end : end if end >= 0 else len(utf8)].strip()
    comment = b"  " + rest if rest.startswith(b"#") and b"\n" not in text.encode() else b""
    return b"".join(indent + line for line in text.encode().splitlines(keepends=True)) + comment + newline


def _logger(module: Module, unit: Unit, whole: bytes) -> bytes:
    """The statement that asks for a logger, by the name that the logger has now."""
    start = module.content.line_starts()[unit.line - 1]
    for begin, end in reversed(unit.named):
        whole = whole[: begin - start] + f'"{module.name}"'.encode() + whole[end - start :]
    return whole


def _ends_relative(module: Module, own: Collection[str]) -> bool:
    """Whether the last of the imports that a part needs is a relative one."""
    sites = [site for number in sorted(module.repeated) if module.units[number].kind == "import"
             for site in module.imports[number] if any(name.bound in own for name in site.names)]  # fmt: skip
    return bool(sites) and sites[-1].level > 0
