"""Exceptions of libraries: what a module that raises or catches one means, and how a contract imports it."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from decomposer.planning.codebase import Codebase

KNOWN_ELSEWHERE = frozenset({"fastapi.HTTPException", "fastapi.exceptions.HTTPException",
                             "starlette.exceptions.HTTPException"})  # fmt: skip
"""Those that come out as what they are whatever they are made with."""


class Foreign(Struct, frozen=True, order=True):
    """An exception of a library: its full name, the statement that a contract has for it, and how it spells it then.

    `trouble` says why a contract cannot have it, "" where it can.
    """

    name: str
    statement: str = ""
    value: str = ""
    trouble: str = ""

    @property
    def bound(self) -> str:
        """The name that the statement binds."""
        return self.value.partition(".")[0]


def foreign(code: Codebase, module: str, written: str) -> Foreign | None:
    """What a dotted name of a module means where that may be an exception of a library, None where it is none."""
    head, _, rest = written.partition(".")
    last = written.rpartition(".")[2]
    if not last[:1].isupper() or last.isupper():
        return None
    bound = code.symbols.bound_by_import(module).get(head)
    if bound is None:
        return _inside(code, module, head, rest)
    fact, imported = bound
    symbol = code.symbols.resolve(module, head)
    if fact.level or (symbol is not None and not symbol.external):
        return None
    name = f"{fact.module}.{imported}" if fact.is_from else imported if imported.partition(".")[0] != head else head
    name = f"{name}.{rest}" if rest else name
    if _crosses_anyway(name):
        return None
    if fact.kind != "load":
        return Foreign(name, trouble="it may not be there, as the import says")
    if fact.is_from and rest:
        alias = f"{fact.module}_{imported}".replace(".", "_")
        return Foreign(name, f"from {fact.module} import {imported} as {alias}", f"{alias}.{rest}")
    return Foreign(name, f"import {fact.module if fact.is_from else imported}", name)


def side_by_side(
    told: Iterable[Foreign | None], imports: Mapping[str, str], taken: Collection[str]
) -> list[Foreign]:  # fmt: skip
    """Those of some exceptions that a contract can have, each once; `imports` and `taken` are names that it has."""
    found: dict[str, Foreign] = {}
    for one in sorted(filter(None, told)):
        means = imports.get(one.bound, f"import {one.bound}")
        if not one.trouble and one.bound not in taken and means.startswith("import "):
            found.setdefault(one.name, one)
    return list(found.values())


def _crosses_anyway(name: str) -> bool:
    """Whether an exception is one of Python's own by another name, or crosses whatever it is made with."""
    is_builtin = hasattr(builtins, name.rpartition(".")[2]) and name.partition(".")[0] in sys.stdlib_module_names
    return is_builtin or name in KNOWN_ELSEWHERE


def _inside(code: Codebase, module: str, head: str, rest: str) -> Foreign | None:
    """The same of a name that is imported in a function."""
    for fact in code.of(module).imports:
        for imported, bound in fact.names:
            top = (fact.module if fact.is_from else imported).partition(".")[0]
            if bound == head and not fact.level and not code.modules.exists(top):
                name = f"{fact.module}.{imported}" if fact.is_from else imported
                name = f"{name}.{rest}" if rest else name
                return None if _crosses_anyway(name) else Foreign(name, trouble="it is imported where it is used")
    return None
