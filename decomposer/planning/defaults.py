"""Whether callers in another process can do without what a parameter's default says."""

from __future__ import annotations

import re
from collections.abc import Callable

from decomposer.model.signatures import Function, Parameter, Signatures
from decomposer.planning.codebase import Codebase

_NAME = re.compile(r"[A-Za-z_][\w.]*")


def default_trouble(
    code: Codebase, module: str, known: Signatures, function: Function, parameter: Parameter,
    in_core: Callable[[str], bool],
) -> str:  # fmt: skip
    """Why a default cannot stay with the owner, "" where it can.

    A name is written into the contract, and has to mean something there; any other expression is left to the owner,
    who cannot be left one argument of several that are told by their places.
    """
    default = parameter.default
    if not default or parameter.is_plain:
        return ""
    if "(" in default:
        return f"the default `{default}` is made by a call"
    if _NAME.fullmatch(default):
        return "" if _is_known(code, module, known, default, in_core) else \
            f"the default `{default}` is a value of the owner's process"  # fmt: skip
    kinds = [one.kind for one in function.parameters[function.parameters.index(parameter) + 1 :]]
    starred = any(one.kind == "*" for one in function.parameters)
    placed = ("position", "any", "*") if starred else ("position",)
    if parameter.kind in placed and any(kind in placed for kind in kinds):
        return f"the default `{default}` is worked out, and what comes after it is told by its place"
    return ""


def _is_known(
    code: Codebase, module: str, known: Signatures, default: str, in_core: Callable[[str], bool]
) -> bool:  # fmt: skip
    """Whether a contract can have a name: a constant, a member of a class of values, or what is imported of others."""
    head, _, rest = default.partition(".")
    if code.symbols.bound_by_import(module).get(head) is not None:
        symbol = code.symbols.resolve(module, head)
        return symbol is None or symbol.external or in_core(symbol.module)
    return head in known.classes if rest else head in known.constants or head in known.aliases
