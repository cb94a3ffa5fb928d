"""The lines in a package's `__init__.py` that let it find its modules in services too."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Callable, Collection, Iterable

from decomposer.model.config import Config, Home

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


def without_folders(source: bytes, folders: Collection[str]) -> bytes:
    """The `__init__.py` without some of the folders that it looks for modules in; without the lines if none is left."""
    left = extended_folders(source) - set(folders)
    present = _BLOCK.search(source)
    if present is None or left == extended_folders(source):
        return source
    if not left:
        return without_extension(source)
    newline = b"\r\n" if b"\r\n" in present.group() else b"\n" if b"\n" in present.group() else b"\r"
    return source[: present.start()] + _block(left, newline) + source[present.end() :]


def without_extension(source: bytes) -> bytes:
    """The `__init__.py` without the lines that look for modules elsewhere."""
    return re.sub(_BLOCK.pattern + rb"(?:\r?\n|\r)?", b"", source, count=1, flags=re.DOTALL)


def found_homes(config: Config, paths: Iterable[str], read: Callable[[str], bytes | None]) -> tuple[Home, ...]:
    """The folders that modules of the package have gone to, as its packages' search paths say; `paths` are all.

    Beside the package there may be others that only lead to a package of the core's, or of a service's own.
    """
    known = frozenset(paths)
    root, prefix = config.root() + "/", f"{config.source}/" if config.source else ""
    below = f"/src/{config.package}/"
    left = any(below in path and not path.startswith(root) for path in known)
    homes: list[Home] = []
    for path in sorted(known):
        if not path.endswith("/__init__.py") or not path.startswith(prefix):
            continue
        package = path.removesuffix("/__init__.py")
        dotted = package.removeprefix(prefix).replace("/", ".")
        beside = "." not in dotted and dotted != config.package
        if beside or (left and path.startswith(root)):
            folders = (posixpath.normpath(f"{package}/{f}") for f in sorted(extended_folders(read(path) or b"")))
            homes += [Home(dotted, folder) for folder in folders if not beside or f"{folder}/__init__.py" in known]
    return tuple(sorted(homes, key=lambda home: _order(config, home)))


def _order(config: Config, home: Home) -> tuple[bool, bool]:
    """Other packages come first, the core's before all."""
    return home.dotted.partition(".")[0] == config.package, home.dotted != config.core_package()


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
