"""The lines in a package's `__init__.py` that let it find its modules in services too."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Callable, Iterable

from decomposer.model.config import CORE, Config, Home

BEGIN = "# decompose: modules of this package that live in services of their own"
END = "# decompose: end"
_BLOCK = re.compile(
    re.escape(BEGIN).encode() + rb"[\r\n].*?" + re.escape(END).encode() + rb"(?:\r?\n|\r|\Z)", re.DOTALL
)
_TEXT = re.compile(rb"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")


def extend_package(source: bytes, folder: str, insert_at: int) -> bytes:
    """The `__init__.py` with one more folder to look for modules in; unchanged when it has it already.

    `folder` is relative to the package's own folder; `insert_at` is the byte where the first statement after
    docstring and `__future__` imports begins, for a file that has no such lines yet.
    """
    folders = extended_folders(source)
    if folder in folders:
        return source
    newline = b"\r\n" if b"\r\n" in source else b"\r" if b"\r" in source and b"\n" not in source else b"\n"
    block = _block(folders | {folder}, newline)
    present = _BLOCK.search(source)
    if present:
        return source[: present.start()] + block + source[present.end() :]
    before, after = source[:insert_at], source[insert_at:]
    if before.removeprefix(codecs.BOM_UTF8):
        ended = before.endswith((b"\n", b"\r"))
        block = (b"" if before.endswith(newline * 2) else newline if ended else newline * 2) + block
    if after.strip() and not after.startswith((b"\n", b"\r")):
        block += newline
    return before + block + after


def extended_folders(source: bytes) -> set[str]:
    """The folders that an `__init__.py` looks for modules in too, however somebody has formatted the lines since."""
    present = _BLOCK.search(source)
    listed = present.group().partition(b"for folder in")[2] if present else b""
    return {(double or single).decode("unicode_escape") for double, single in _TEXT.findall(listed)}


def without_extension(source: bytes) -> bytes:
    """The `__init__.py` without the lines that look for modules elsewhere."""
    return re.sub(_BLOCK.pattern + rb"(?:\r?\n|\r)?", b"", source, count=1, flags=re.DOTALL)


def found_homes(config: Config, paths: Iterable[str], read: Callable[[str], bytes | None]) -> tuple[Home, ...]:
    """The folders that modules of the package have gone to, as its packages' search paths say; `paths` are all."""
    known = frozenset(paths)
    root, core = config.root() + "/", config.service_root(CORE)
    services, below = f"{config.services}/" if config.services != "." else "", f"/src/{config.package}/"
    homes: list[Home] = []
    if f"{config.shim()}/__init__.py" in known and f"{core}/__init__.py" in known:
        homes.append(Home(config.core_package(), core))
    if any(below in path and path.startswith(services) and not path.startswith(root) for path in known):
        prefix = len(config.source) + 1 if config.source else 0
        for path in sorted(known):
            if path.startswith(root) and path.endswith("/__init__.py"):
                package = path.removesuffix("/__init__.py")
                homes += [Home(package[prefix:].replace("/", "."), posixpath.normpath(f"{package}/{folder}"))
                          for folder in sorted(extended_folders(read(path) or b""))]  # fmt: skip
    return tuple(homes)


def _block(folders: set[str], newline: bytes) -> bytes:
    # The real path, because `..` after a symbolic link means another folder to the system than to a reader.
    lines = [
        BEGIN,
        "from os.path import realpath as _realpath",
        "",
        "__path__ += [",
        '    _realpath(f"{__path__[0]}/{folder}")',
        "    for folder in [",
        *(f"        {_literal(name)}," for name in sorted(folders)),
        "    ]",
        "]",
        END,
        "",
    ]
    return newline.join(line.encode() for line in lines)


def _literal(name: str) -> str:
    """A name as Python text in ASCII, for a file may be in any encoding."""
    return '"' + name.encode("unicode_escape").decode().replace('"', '\\"') + '"'
