"""The facts of one Python file, from either reader."""

from __future__ import annotations

import builtins
import re
from typing import Any

import msgspec

from decomposer.model.facts import PythonFacts, Use
from decomposer.syntax.parse import parse
from decomposer.syntax.walk import Walk

LARGEST = 4 * 1024 * 1024
"""Bytes. A larger module is data, and reading it would take more memory than everything else together."""
_SURROGATE = re.compile(rb"\\(?:u|U0000)[dD][89a-fA-F]")
_BUILTINS = frozenset(dir(builtins))


class Remembered:
    """Reads Python as `read_python` does, the same bytes once."""

    def __init__(self) -> None:
        self.known: dict[bytes, PythonFacts] = {}

    def __call__(self, source: bytes) -> PythonFacts:
        """The facts of a Python file."""
        if source not in self.known:
            self.known[source] = read_python(source)
        return self.known[source]


def read_python(source: bytes, reader: str = "ast") -> PythonFacts:
    """The facts of a Python file; what cannot be understood is told in `error`, never raised.

    `reader` is "ast" (fast; a file whose syntax is newer than the running interpreter comes back with the
    error "newer syntax?") or "libcst" (slow, may take the process down on hostile input: use a worker).
    """
    lines = count_lines(source)
    if len(source) > LARGEST:
        message = f"the file has {len(source):,} bytes, more than the {LARGEST:,} that are read: only counted"
        return PythonFacts(lines, message, reader="none")
    if b"\0" in source:
        message = f"a NUL byte at offset {source.index(0):,}: not Python, only counted"
        return PythonFacts(lines, message, source[: source.index(0)].count(b"\n") + 1, reader="none")
    try:
        tree = parse(source, reader)
        walk = Walk().module(tree)
    except SyntaxError as error:
        return PythonFacts(lines, f"not understood: {error.msg}", error.lineno or 0, reader)
    except (RecursionError, MemoryError):  # the second is how the parser says that its own stack is full
        return PythonFacts(lines, "not understood: nested too deeply", 0, reader)
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        return PythonFacts(lines, f"not understood: {error}", 0, reader)
    facts = _facts(walk, lines, reader)
    return msgspec.convert(_writable(msgspec.to_builtins(facts)), PythonFacts) if _SURROGATE.search(source) else facts


def count_lines(source: bytes) -> int:
    """Physical lines: line ends, counted as `\\n`, or as `\\r` in a file that has no other."""
    ends = source.count(b"\n") or source.count(b"\r")
    return ends + (1 if source and not source.endswith((b"\n", b"\r")) else 0)


def _facts(walk: Walk, lines: int, reader: str) -> PythonFacts:
    bound = {name for fact in walk.imports for _, name in fact.names}
    bound.update(definition.name for definition in walk.definitions if "." not in definition.name)
    starred = "*" in bound  # then any name that nothing else explains may come from there
    known = set(walk.bindings) | _BUILTINS
    imported_in = {(fact.scope, name) for fact in walk.imports for _, name in fact.names}
    uses = tuple(
        Use(line, scope, name, role)
        for (scope, name, role), line in walk.uses.items()
        if ((root := name.partition(".")[0]) in bound or (starred and root not in known))
        and not _shadowed(root, scope, walk.locals, imported_in)
    )
    return PythonFacts(
        lines, "", 0, reader, tuple(walk.imports), tuple(walk.definitions), tuple(walk.bindings), walk.exports,
        uses, tuple(walk.texts), tuple(walk.dynamics),
        tuple(walk.name_tables) if walk.dynamics or walk.dynamic_getattr else (),
        tuple(walk.constants.items()), walk.route_events(), tuple(walk.tables),
        walk.dynamic_getattr, walk.open_namespace,
    )  # fmt: skip


def _writable(value: Any) -> Any:
    """The same with `?` for each lone surrogate, which no encoding can write and no name can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_writable(item) for item in value] if isinstance(value, (list, tuple)) else value


def _shadowed(root: str, scope: str, local_names: dict[str, set[str]], imported_in: set[tuple[str, str]]) -> bool:
    """Whether a name is a local variable of the function (or one around it) and not an import there."""
    while scope:
        if root in local_names.get(scope, ()):
            return (scope, root) not in imported_in
        scope = scope.rpartition(".")[0]
    return False
