"""How calls between contexts are written down in Python: signatures, what is given, and the lines in an entry."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterable, Sequence

from decomposer.model.contracts import CallContract, Given, Operation
from decomposer.syntax.header import guard_offset

BEGIN = "# decompose: calls between services"
END = "# decompose: end"
_BLOCK = re.compile(re.escape(BEGIN).encode() + rb"[\r\n].*?" + re.escape(END).encode(), re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_HEAD = re.compile(r"""\"[^\"]*\"|'[^']*'|(?<![\w.])([A-Za-z_]\w*)""")
_BUILTINS = frozenset(dir(builtins))
_WIDTH = 88


def laid_out(head: str, parts: Sequence[str], tail: str, indent: int = 0) -> str:
    """Something in brackets on one line, or as formatters break it where that would be too long."""
    space, inner = " " * indent, ", ".join(parts)
    if len(space + head + inner + tail) <= _WIDTH or not parts:
        return f"{space}{head}{inner}{tail}"
    if len(f"{space}    {inner}") <= _WIDTH and not head.endswith(("import (", "{")):
        comma = "," if len(parts) == 1 and "def " in head else ""
        return f"{space}{head}\n{space}    {inner}{comma}\n{space}{tail}"
    lines = [f"{space}    {part}" for part in parts]
    comma = "" if parts[-1].startswith("**") and head.startswith("def") else ","
    return f"{space}{head}\n" + ",\n".join(lines) + f"{comma}\n{space}{tail}"


def imported(module: str, names: Sequence[str]) -> str:
    """An import statement."""
    line = f"from {module} import {', '.join(names)}"
    return line if len(line) <= _WIDTH else laid_out(f"from {module} import (", names, ")")


def import_block(lines: Iterable[str]) -> str:
    """Import statements in the usual order, those of one module as one; the standard library's first."""
    plain: set[str] = set()
    taken: dict[str, list[str]] = {}
    for line in filter(None, lines):
        module, _, names = line.removeprefix("from ").partition(" import ")
        if names:
            taken.setdefault(module, []).extend(names.split(", "))
        else:
            plain.add(line)
    blocks = []
    for is_standard in (True, False):
        found = sorted(line for line in plain if _is_standard(line.split()[1]) is is_standard)
        found += [imported(module, in_order(set(taken[module]))) for module in sorted(taken)
                  if _is_standard(module) is is_standard]  # fmt: skip
        blocks.append("\n".join(found))
    return "\n\n".join(filter(None, blocks))


def in_order(names: Iterable[str]) -> list[str]:
    """Names as sorters of imports have them: constants, classes, and what is left."""
    return sorted(names, key=lambda name: (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2,
                                           name))  # fmt: skip


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def used(names: Iterable[str], text: str) -> list[str]:
    """Those of some names that a text uses."""
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]


def signature(given: Sequence[Given], first: str = "") -> list[str]:
    """The parameters of a function as its owner has them, after `first`; what is left to the owner is `OMITTED`."""
    parts = [first] if first else []
    kinds = [one.kind for one in given]
    for number, one in enumerate(given):
        if one.kind == "keyword" and "*" not in kinds and "keyword" not in kinds[:number]:
            parts.append("*")
        default = one.default if one.is_plain or _NAME.fullmatch(one.default) else "OMITTED"
        typed = f"{one.name}: {one.written}" if one.written else one.name
        equals = " = " if one.written else "="
        stars = one.kind if one.kind in ("*", "**") else ""
        parts.append(f"{stars}{typed}{equals}{default}" if one.default else f"{stars}{typed}")
        if one.kind == "position" and "position" not in kinds[number + 1 :]:
            parts.append("/")
    return parts


def mapping(given: Sequence[Given], more: str = "") -> list[str]:
    """What was given, as the items of a dictionary by the names of the contract's fields."""
    shown = {"*": "list({})", "**": "dict({})"}
    parts = [f'"{one.field}": {shown.get(one.kind, "{}").format(one.name)}' for one in given if not one.is_session]
    return [more, *parts] if more else parts


def field(given: Given, type: str = "") -> str:
    """A field of a model: its type, or another one, and a default where the parameter has one."""
    type = type or given.type
    if given.kind in ("*", "**"):
        return f"{given.field}: {type} = {'[]' if given.kind == '*' else '{}'}"
    if not given.default:
        return f"{given.field}: {type}"
    is_written = given.is_plain or _NAME.fullmatch(given.default)
    return f"{given.field}: {type} = {given.default if is_written else 'None'}"


def passed(given: Sequence[Given]) -> str:
    """How the fields of a model are passed on: `(field, parameter, kind)` of each."""
    parts = [f'("{one.field}", "{one.name}", "{one.kind}")' for one in given if not one.is_session]
    if len(parts) == 1:
        return f"    passed = ({parts[0]},)"
    return laid_out("passed = (", parts, ")", 4)


def with_calls(source: bytes, application: str, core: str) -> bytes:
    """An entry whose application answers calls of other services; unchanged where it does already.

    That is said before what a script does, which may not come to an end.
    """
    if _BLOCK.search(source):
        return source
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    block = newline.join(line.encode() for line in (
        BEGIN, f"from {core}.internal_serving import serve as _serve  # noqa: E402", "",
        f"_serve({application}, __package__)", END, "",
    ))  # fmt: skip
    guard = guard_offset(source)
    if guard >= 0:
        return source[:guard] + block + newline * 2 + source[guard:]
    return source.rstrip() + newline * 2 + block


def bound(name: str, to: str) -> str:
    """A name in an import statement, and what it is bound to."""
    return name if name == to else f"{name} as {to}"


def call(function: str, session: str) -> list[str]:
    """What a function is passed on with: itself, and the session that the owner has opened."""
    return [function, f"{session}=session"] if session else [function]


def raised(contract: CallContract) -> list[str]:
    """The exceptions of a contract by their names."""
    named = [*((name, name) for name, _ in contract.raised), *contract.foreign]
    return [f'"{name}": {value}' for name, value in named]


def told(contract: CallContract) -> list[str]:
    """The names of exceptions by themselves, as the owner has them."""
    own = [f'{contract.name}{"_contract" if module else ""}.{name}: "{name}"' for name, module in contract.raised]
    return [*own, *(f'{contract.name}_contract.{value}: "{name}"' for name, value in contract.foreign)]


def operation(contract: CallContract, one: Operation) -> list[str]:
    """What an operation of a contract is made with."""
    parts = [f'"{contract.owner}"', f'"{contract.name}/{one.name}"', f"{one.prefix}Asked", f"{one.prefix}Answer",
             "RAISED"]  # fmt: skip
    return [*parts, "is_repeatable=True"] if one.is_repeatable else parts


def exported(contract: CallContract) -> list[str]:
    """The names that a client has for whoever used the module itself."""
    names = {*contract.types, *(name for name, _ in contract.constants), *(one.name for one in contract.holders)}
    names |= {one.name for one in contract.operations if not one.holder}
    return [f'"{name}"' for name in in_order(names)]


def taken(module: str, names: Iterable[str]) -> str:
    """A plain statement that imports some names, "" for none."""
    listed = ", ".join(names)
    return f"from {module} import {listed}" if listed else ""


def sources(contracts: Iterable[CallContract], core: str) -> list[str]:
    """What endpoints import: the modules that they call, the contracts, and what opens sessions."""
    found = []
    for one in contracts:
        above, _, last = one.module.rpartition(".")
        if one.operations or any(not module for _, module in one.raised):
            found.append(taken(above, [bound(last, one.name)]))
        found.append(taken(f"{core}.contracts", [bound(one.name, f"{one.name}_contract")]))
        if one.session:
            module, _, name = one.session.partition(":")
            found.append(taken(module, [bound(name, f"{one.name}_session")]))
    return found


def owned(contract: CallContract, type: str) -> str:
    """A type of a contract as endpoints write it: with the owner's own classes in place of those that are lifted."""

    def spelled(name: str) -> str:
        if name in contract.own:
            return f"{contract.name}.{name}"
        return name if name in _BUILTINS else f"{contract.name}_contract.{name}"

    return _HEAD.sub(lambda found: found[0] if found[1] is None else spelled(found[1]), type)


def has_own(contract: CallContract, given: Iterable[Given], returns: str = "") -> bool:
    """Whether any of some types is one that the owner has a class of its own for."""
    return bool(used(contract.own, " ".join([returns, *(one.type for one in given)])))


def answered(contract: CallContract, one: Operation) -> list[str]:
    """What an endpoint is told: the operation, the exceptions, and models with the owner's own classes."""
    parts = [f"{contract.name}_contract.{one.constant}", f"{contract.name}_raised"]
    if asks_own(contract, one):
        parts.append(f"asked={contract.name}_{one.prefix}Asked")
    if has_own(contract, (), one.returns):
        parts.append(f"answer={contract.name}_{one.prefix}Answer")
    return parts


def asks_own(contract: CallContract, one: Operation) -> bool:
    """Whether an operation is asked with what the owner has classes of its own for."""
    holder = [other for other in contract.holders if other.name == one.holder and not one.is_static]
    return has_own(contract, one.given) or any(has_own(contract, other.given) for other in holder)
