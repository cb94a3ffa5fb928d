"""The lines in a package's `__init__.py` that let it find its modules in services too."""

from __future__ import annotations

import re

BEGIN = "# decompose: modules of this package that live in services of their own"
END = "# decompose: end"
_BLOCK = re.compile(re.escape(BEGIN).encode() + rb"\r?\n.*?" + re.escape(END).encode() + rb"\r?\n(?:\r?\n)?", re.DOTALL)
_FOLDER = re.compile(r'^        "([^"]+)",$', re.MULTILINE)


def extend_package(source: bytes, folder: str, insert_at: int) -> bytes:
    """The `__init__.py` with one more folder to look for modules in; unchanged when it has it already.

    `folder` is relative to the package's own folder; `insert_at` is the byte where the first statement after
    docstring and `__future__` imports begins, for a file that has no such lines yet.
    """
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    present = _BLOCK.search(source)
    folders = _FOLDER.findall(present.group().decode().replace("\r\n", "\n")) if present else []
    if folder in folders:
        return source
    lines = [
        BEGIN,
        "from os.path import normpath as _normpath",
        "",
        "__path__ += [",
        '    _normpath(f"{__path__[0]}/{folder}")',
        "    for folder in (",
        *(f'        "{name}",' for name in sorted([*folders, folder])),
        "    )",
        "]",
        END,
        "",
        "",
    ]
    block = newline.join(line.encode() for line in lines)
    if present:
        return source[: present.start()] + block + source[present.end() :]
    before, after = source[:insert_at], source[insert_at:].lstrip(b"\r\n")
    if before and not before.endswith(newline * 2) and before.strip():
        before = before.rstrip(b"\r\n") + newline * 2
    if not after.strip():
        block = block.rstrip(b"\r\n") + newline
    return before + block + after
