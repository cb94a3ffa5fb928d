"""What contexts call of others, also where only their clients tell: the monolith may not have their code any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from decomposer.extracting.tree import Tree
from decomposer.facts.called import called
from decomposer.model.config import CLIENTS
from decomposer.model.crossing import Call, Caught, Crossing
from decomposer.model.signatures import Signatures
from decomposer.planning.foreign import foreign
from decomposer.planning.states import extracted, routed_away
from decomposer.syntax.signatures import read_signatures

_EXPORTED = re.compile(rb"^__all__ = \[([^\]]*)\]", re.MULTILINE)
_CONTRACT = re.compile(rb"^from \w+\.contracts(?: import |\.)(\w+)", re.MULTILINE)


def clients_of(tree: Tree, context: str) -> Iterator[tuple[str, str, str]]:
    """The clients of a service: the path of each, the name of the contract by which it calls, and whom."""
    for path in tree.below(f"{tree.config.service(context)}/src"):
        content = (tree.read(path) or b"") if path.endswith(".py") else b""
        contract = _CONTRACT.search(content)
        owner = called(content) if contract is not None else ""
        if contract is not None and owner:
            yield path, contract[1].decode(), owner


def calls_of(tree: Tree, context: str) -> dict[str, Call]:
    """What a context calls of modules of others that the monolith finds, by the module.

    Its clients tell where it was cut over, or has left for a package of its own: its modules have other names there.
    """
    is_away = context in routed_away(tree.config, [context])
    has_left = extracted(tree.config, context, tree.everything)
    return _told(tree, context) if has_left and (is_away or tree.config.own_package) else tree.calling.clients(context)


def _told(tree: Tree, context: str) -> dict[str, Call]:
    """What the clients of a service call."""
    found: dict[str, Call] = {}
    for path, contract, owner in clients_of(tree, context):
        module = called_module(tree, context, path, owner)
        known = tree.calling.sources.signatures(module) if module else None
        if known is not None:
            names = sorted(name for name in _names(tree.read(path) or b"") if _is_defined(known, name))
            symbols = tuple(Crossing(name, "kept", path, 0) for name in names)
            caught = tuple(_kept_caught(tree, contract))
            found[module] = Call(context, module, tree.code.owner(module), module, 0, symbols, caught)
    return found


def _kept_caught(tree: Tree, contract: str) -> Iterator[Caught]:
    """The exceptions of libraries that a contract has: what catches them is elsewhere now."""
    module = f"{tree.config.core_package()}.contracts.{contract}"
    known = tree.calling.sources.signatures(module)
    for written, line in known.raised if known is not None else ():
        if foreign(tree.code, module, written) is not None:
            yield Caught(tree.code.path(module), line, module, written)


def called_module(tree: Tree, context: str, path: str, owner: str) -> str:
    """The module whose place a client has, by its name now; "" where the monolith finds none."""
    service, config = tree.config.service(context), tree.config
    below = path.removeprefix(f"{service}/src/").removesuffix(".py").split("/")
    name = ".".join(part for part in below if part != CLIENTS)
    names = (f"{config.package_of(owner)}.{name.partition('.')[2]}", name)
    paths = tree.code.modules.path_of
    return next((one for one in names if not paths.get(one, f"{service}/").startswith(f"{service}/")), "")


def _names(content: bytes) -> Iterator[str]:
    """Everything that a client lets its users have, and the methods of that."""
    exported = _EXPORTED.search(content)
    given = set(re.findall(r'"(\w+)"', exported[1].decode())) if exported is not None else set()
    yield from given
    said = read_signatures(content)
    for name in said.functions:
        holder, _, method = name.partition(".")
        made = [one for one, kind in said.instances.items() if kind == holder]
        for one in {holder, *made} & given:
            if method and method != "__init__":
                yield f"{one}.{method}"


def _is_defined(known: Signatures, name: str) -> bool:
    """Whether a module has a name, or a class or an instance of it a method."""
    head, _, method = name.partition(".")
    if method:
        kind = known.instances.get(head, head).rpartition(".")[2]
        return f"{kind}.{method}" in known.functions
    return any(head in names for names in (known.functions, known.classes, known.constants, known.instances,
                                           known.aliases))  # fmt: skip
