"""Edits of somebody's YAML: what is not edited stays byte for byte, comments and all.

A file is read into nodes that know where they stand; what is put in is text, at places that nodes give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Node = Any
"""A node of ruamel.yaml, whose types do not tell what a node has."""
BEGIN = "# {} that decompose renders; what stands from here to the end is rendered anew"
END = "# end of the {} that decompose renders"


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that goes in at an offset, in the place of so many characters."""

    offset: int
    text: str
    instead_of: int = 0


@lru_cache(maxsize=16)
def parse(text: str) -> Node:
    """The root of the only document in a file, None where it has none or cannot be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError
    from ruamel.yaml.reader import ReaderError

    try:
        root: Node = YAML(pure=True).compose(text)
    except (MarkedYAMLError, YAMLStreamError, ReaderError):
        return None
    return root


def pairs(node: Node) -> Iterator[tuple[str, Node, Node]]:
    """The entries of a mapping, those that it merges last: the key, its node, the value's; nothing for what is none."""
    if node is None or node.id != "mapping":
        return
    merged: list[Node] = []
    for key, value in node.value:
        if key.value == "<<":
            merged += value.value if value.id == "sequence" else [value]
        else:
            yield str(key.value), key, value
    for other in merged:
        yield from pairs(other)


def find(node: Node, *keys: str) -> Node:
    """The value below these keys."""
    for key in keys:
        node = next((value for name, _, value in pairs(node) if name == key), None)
    return node


def items(node: Node) -> list[Node]:
    """The items of a sequence, [] for what is none."""
    return list(node.value) if node is not None and node.id == "sequence" else []


def scalar(node: Node) -> str:
    """The text of a scalar, "" for what is none."""
    return str(node.value) if node is not None and node.id == "scalar" else ""


def texts(node: Node) -> list[str]:
    """The scalars of a sequence, or the keys of a mapping."""
    return [scalar(item) for item in items(node)] or [key for key, _, _ in pairs(node)]


def is_flow(node: Node) -> bool:
    """Whether a node is written in brackets, or is a scalar."""
    return node.id == "scalar" or bool(node.flow_style)


def source(text: str, node: Node) -> str:
    """A node as it is written, a block without its indentation."""
    if is_flow(node):
        return text[node.start_mark.index : node.end_mark.index]
    lines = text.splitlines()[node.start_mark.line : last_line(node) + 1]
    lines[0] = " " * node.start_mark.column + lines[0][node.start_mark.column :]
    return "\n".join(line[node.start_mark.column :] for line in lines)


def last_line(node: Node) -> int:
    """The last line that a node stands on."""
    if node.id != "scalar" and not node.flow_style and node.value:
        entry = node.value[-1]
        if node.id != "mapping":
            return last_line(entry)
        key, value = entry
        is_empty = value.start_mark.index == value.end_mark.index  # which stands where the next thing does
        return last_line(key if is_empty else value)
    first, last = int(node.start_mark.line), int(node.end_mark.line)
    return max(first, last - 1) if node.id == "scalar" and node.style in ("|", ">") else last


def offset_after(text: str, node: Node, column: int) -> int:
    """Where the line after a block begins, and after comments that are further in than `column`."""
    lines = text.splitlines(keepends=True)
    number = last_line(node) + 1
    while number < len(lines) and re.match(rf"[ ]{{{column + 1},}}#", lines[number]):
        number += 1
    return sum(map(len, lines[:number]))


def column_of(text: str, node: Node) -> int:
    """The column at which the entries of a block stand; the node itself begins with its anchor where it has one."""
    first = node.value[0][0] if node.id == "mapping" else node.value[0]
    line = text.splitlines()[first.start_mark.line]
    return int(first.start_mark.column) if node.id == "mapping" else len(line) - len(line.lstrip())


def into_sequence(text: str, node: Node, added: Sequence[str]) -> Iterator[Insertion]:
    """Scalars behind the items of a sequence, in its own style."""
    if not node.value or not added:
        return
    last = node.value[-1]
    if node.flow_style:
        yield Insertion(last.end_mark.index, "".join(f", {item}" for item in added))
    else:
        column = column_of(text, node)
        yield Insertion(offset_after(text, last, column), "".join(f"{' ' * column}- {item}\n" for item in added))


def named_otherwise(text: str, node: Node, name: str, other: str) -> Iterator[Insertion]:
    """Another name in the place of one among the items of a sequence or the keys of a mapping.

    Where the other one is there already, or is "", an item of a sequence goes, and the last one as well.
    """
    found = items(node) or [key for _, key, _ in pairs(node)]
    place = next((number for number, item in enumerate(found) if scalar(item) == name), None)
    if place is None:
        return
    start, end = found[place].start_mark.index, found[place].end_mark.index
    if other and other not in texts(node):
        yield Insertion(start, other, end - start)
    elif node.id == "mapping" or not node.flow_style:
        start = text.rfind("\n", 0, start) + 1
        end = offset_after(text, node.value[place][1] if node.id == "mapping" else found[place], node.start_mark.column)
        yield Insertion(start, "", end - start)
    elif place:
        start = found[place - 1].end_mark.index
        yield Insertion(start, "", end - start)
    else:
        end = found[1].start_mark.index if len(found) > 1 else end
        yield Insertion(start, "", end - start)


def shared(text: str, key: Node, value: Node, name: str) -> tuple[str, list[Insertion]]:
    """The name by which a value can be used again, and what gives it that name unless it has one."""
    if value.anchor:
        return str(value.anchor), []
    named = anchor(name, key.value)
    return named, [Insertion(text.index(":", key.end_mark.index) + 1, f" &{named}")]


def anchor(name: str, key: str) -> str:
    """The name by which what an entry has at a key can be used again."""
    return re.sub(r"\W+", "-", f"{name}-{key}")


def inserted(text: str, insertions: Sequence[Insertion]) -> str:
    """The text with everything put in; lines end as the text's own do."""
    ending = "\r\n" if "\r\n" in text else "\n"
    numbered = sorted((one.offset, number, one) for number, one in enumerate(insertions))
    for _, _, one in reversed(numbered):  # those at one place stay in their order
        before = text[: one.offset]
        if before and not before.endswith("\n") and one.text.endswith("\n"):
            before += ending
        text = before + one.text.replace("\n", ending) + text[one.offset + one.instead_of :]
    return text


def without_block(text: str, what: str) -> tuple[str, int]:
    """The text without the lines that decompose rendered, and the offset they were at; -1 where there are none."""
    begin, end = re.escape(BEGIN.format(what)), re.escape(END.format(what))
    found = re.search(rf"^[ \t]*{begin}\r?\n(?:.*\n)*?[ \t]*{end}\r?(?:\n|$)", text, re.MULTILINE)
    return (text[: found.start()] + text[found.end() :], found.start()) if found else (text, -1)


def block(what: str, entries: Sequence[str], column: int) -> str:
    """Entries between the lines that say whose they are."""
    lines = [BEGIN.format(what), *"\n".join(entries).splitlines(), END.format(what)]
    return "".join(f"{' ' * column}{line}".rstrip() + "\n" for line in lines)
