"""The source of a module in which a class is divided: the same program, with bases above the class."""

from __future__ import annotations

from collections.abc import Collection

from decomposer.model.class_bodies import ClassBody
from decomposer.model.sites import Edit
from decomposer.splitting.dividing import Division
from decomposer.splitting.naming import group_names
from decomposer.syntax.bytes_of_text import Text


def divided(content: Text, division: Division, code: int, taken: Collection[str]) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of a module with one class divided, and the names of the new classes; `taken` are those in use.

    `code` is where the comments above the class begin, which stay with it. Raises ValueError where the encoding has no
    form for what is put in.
    """
    body, newline = division.body, content.newline()
    base = f"{body.name}Base"
    while base in taken:
        base += "Class"
    members = [list(dict.fromkeys(body.pieces[number].names[0] for number in group)) for group in division.groups]
    names = group_names(body.name, members, {*taken, base})
    shared = [base] if division.base else []
    classes = []
    if division.base:
        bases = body.bases.decode()
        head = f"class {base}({bases}):" if bases else f"class {base}:"
        classes.append(_class(content, body, head, f"What all methods of `{body.name}` have in common.", division.base))
    for name, group, (first, *more) in zip(names, division.groups, members, strict=True):
        head = f"class {name}({base}):" if division.base else f"class {name}:"
        told = f"`{first}`" + (f" and {len(more)} more" if len(more) > 1 else f" and `{more[0]}`" if more else "")
        classes.append(_class(content, body, head, f"Methods of `{body.name}`: {told}.", group))
    above = ", ".join(names) if division.base else ", ".join([*names, *filter(None, [body.bases.decode()])])
    utf8 = content.utf8
    document = utf8[body.colon : body.document.end] if body.document else _head_line(utf8, body.colon)
    own = f"class {body.name}({above})".encode() + document
    pieces = b"".join(utf8[body.pieces[number].start : body.pieces[number].end] for number in division.stays)
    if pieces and not body.document:
        pieces = pieces.lstrip(b"\r\n")
    elif not pieces and not body.document:
        pieces = _indent(content, body) + b"pass" + newline
    text = b"".join(one + newline * 2 for one in classes)
    return content.edited([Edit(code, code, text), Edit(body.start, body.end, own + pieces)]), (*shared, *names)


def _class(content: Text, body: ClassBody, head: str, told: str, numbers: Collection[int]) -> bytes:
    """A class of some pieces, as they are, below a docstring."""
    newline = content.newline()
    pieces = [content.utf8[body.pieces[n].start : body.pieces[n].end] for n in numbers]
    pieces[0] = content.utf8[body.pieces[min(numbers)].code : body.pieces[min(numbers)].end]
    if not pieces[-1].endswith((b"\n", b"\r")):
        pieces[-1] += newline
    return head.encode() + newline + _indent(content, body) + f'"""{told}"""'.encode() + newline * 2 + b"".join(pieces)


def _indent(content: Text, body: ClassBody) -> bytes:
    """What stands before the statements of a class."""
    start = content.line_starts()[(body.document or body.pieces[0]).line - 1]
    line = content.utf8[start : body.end].splitlines()[0]
    return line[: len(line) - len(line.lstrip())]


def _head_line(utf8: bytes, colon: int) -> bytes:
    """The rest of a head's line, from its colon on."""
    end = utf8.find(b"\n", colon)
    return utf8[colon : end + 1 if end >= 0 else len(utf8)]
