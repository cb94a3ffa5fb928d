"""What a service consists of: its own modules, what it carries a copy of, what it gets a part of, what is shared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from decomposer.model.config import CORE
from decomposer.model.edges import Need
from decomposer.model.pruning import Gone
from decomposer.planning.codebase import HEALTH, Codebase

_STARTING = re.compile(r"lifespan|startup|start_up|shutdown|on_event|on_start|on_stop")


class Reason(Struct, frozen=True):
    """Why a module is needed: the module that needs it, and the line."""

    by: str
    line: int


class Contents(Struct, frozen=True):
    """The modules of one service by dotted name.

    `copies`, `shared` and `clients` (what it calls over HTTP) say who needs each; `parted` maps each module of which
    the service gets a part to the names that others ask it for; `with_code` are those of which the code is needed, not
    only what they hand on.
    """

    context: str
    own: frozenset[str]
    copies: dict[str, Reason]
    shared: dict[str, Reason]
    parted: dict[str, set[str]]
    with_code: set[str]
    clients: dict[str, Reason] = {}

    def has(self, module: str) -> bool:
        """Whether the service finds a module: in itself or in the core."""
        return any(module in held for held in (self.own, self.copies, self.shared, self.parted, self.clients))


def service_contents(
    code: Codebase, context: str, shared: Collection[str], clients: Collection[str] = ()
) -> Contents:  # fmt: skip
    """The contents of a context's service, when these modules are in the core, and those are called over HTTP."""
    own = {m for m in code.modules.path_of if code.owner(m) == context and not code.is_alias(m)
           and not (code.is_package(m) and is_split(code, m))}  # fmt: skip
    found = Contents(context, frozenset(own), {}, {}, {}, set(), {})
    _Closing(code, found, shared, clients=clients).close(own, code.entry)
    return found


def core_contents(code: Codebase, shared: Collection[str]) -> Contents:
    """The contents of the core: every shared module, and the barrels that they need."""
    found = Contents(CORE, frozenset(shared), {}, {}, {}, set())
    _Closing(code, found, ()).close(shared, "")
    return found


def inner_contents(code: Codebase, found: Contents) -> Contents:
    """What of a service's contents its own modules and its entry ask for."""
    inner = Contents(found.context, found.own, dict(found.copies), {}, {}, set(), dict(found.clients))
    _Closing(code, inner, (), clients=found.clients).close(found.own, code.entry)
    return inner


def outer_contents(
    code: Codebase, found: Contents, asked: Contents, kept: Collection[str], aliases: Collection[str]
) -> Contents:
    """What of a service's contents its copies ask for, and the parts which it was `asked` for that are `kept`.

    Of modules that are `aliases` there nothing is asked.
    """
    outer = Contents(found.context, found.own, dict(found.copies), {}, {}, set(), dict(found.clients))
    closing = _Closing(code, outer, (), frozenset(aliases), found.clients)
    for module in sorted(kept):
        outer.parted[module] = set(asked.parted[module])
        outer.with_code.update({module} & asked.with_code)
    closing.close([*outer.copies, *outer.clients, *outer.parted], "")
    return outer


def is_split(code: Codebase, package: str) -> bool:
    """Whether a package's barrel is one of several: it holds modules of several owners, or is a part by itself.

    What has gone to the core and left an alias is the core's.
    """
    if package.partition(".")[0] not in (code.config.package, code.config.core_package()):
        return not code.has_code(package)
    root = package + "."
    return package == code.modules.package or len({CORE if code.is_in_core_now(m) else code.owner(m)
                                                   for m in code.modules.path_of
                                                   if m == package or m.startswith(root)}) > 1  # fmt: skip


class _Closing:
    def __init__(
        self, code: Codebase, found: Contents, shared: Collection[str], aliases: frozenset[str] = frozenset(),
        clients: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.code, self.found, self.shared, self.aliases, self.clients = code, found, shared, aliases, clients
        self.queue: list[str] = []
        self.seen: set[str] = set()

    def close(self, start: Iterable[str], entry: str) -> None:
        """Follows all needs until there are no more."""
        self.queue += sorted(start)
        if entry in self.code.modules.path_of:
            self._part(entry, "", True)
        while self.queue:
            module = self.queue.pop()
            if module in self.seen or module in self.aliases:
                continue
            self.seen.add(module)
            self._parents(module)
            if module in self.clients:
                continue  # what it needs itself is the owner's affair
            for need in self.code.needs.of(module):
                if module not in self.found.parted or self.keeps(module, need):
                    self._need(module, need)

    def _parents(self, module: str) -> None:
        parent = module.rpartition(".")[0]
        while parent:
            if parent in self.code.modules.path_of and parent not in self.found.own:
                self._part(parent, "", False)
            parent = parent.rpartition(".")[0]

    def _need(self, module: str, need: Need) -> None:
        code, found = self.code, self.found
        if code.in_core(need.module):
            self._hand_on(need)
            return
        if need.via != need.module:
            self._hand_on(need)
        if need.module in found.own:
            return
        if need.module in self.shared:
            found.shared.setdefault(need.module, Reason(module, need.line))
        elif code.is_parted(need.module):
            name = need.name if need.via == need.module else ""
            if not need.name and need.kind != "table" and need.module in code.asked_for_any(module):
                name = "*"
            self._part(need.module, name, bool(name) or need.kind == "table")
        elif need.module in self.clients:
            found.clients.setdefault(need.module, Reason(module, need.line))
            self.queue.append(need.module)
        elif need.module not in found.copies:
            found.copies[need.module] = Reason(module, need.line)
            self.queue.append(need.module)

    def _hand_on(self, need: Need) -> None:
        """What is asked for a name must have it in the service too: a barrel, or a module that hands it on."""
        code, via = self.code, need.via
        if via in self.found.own or via not in code.modules.path_of or code.in_core(via):
            return
        if code.is_parted(via):
            self._part(via, need.name, False)
            for entry in code.of(via).name_tables:  # it says the old name of a module that has left since
                target = code.symbols.relative(code.path(via), entry.value.partition(":")[0])
                if entry.scope == need.name and target in code.modules.path_of and code.is_alias(target):
                    self._part(target, "", True)
        elif code.is_alias(via):
            self._part(via, "", True)
        elif via in self.shared:
            self.found.shared.setdefault(via, Reason(need.module, need.line))
        elif via in self.clients:
            self.found.clients.setdefault(via, Reason(need.module, need.line))
            self.queue.append(via)
        elif via not in self.found.copies:
            self.found.copies[via] = Reason(need.module, need.line)
            self.queue.append(via)

    def _part(self, module: str, name: str, with_code: bool) -> None:
        known = module in self.found.parted
        names = self.found.parted.setdefault(module, set())
        if name and name not in names:
            names.add(name)
            known = False
        if with_code and module not in self.found.with_code:
            self.found.with_code.add(module)
            names |= {"*"} if module in self.code.asked_for_any(module) else set()
            known = False
        if not known:
            self.seen.discard(module)
            self.queue.append(module)

    def keeps(self, module: str, need: Need) -> bool:
        """Whether the part of a module that the service gets still has this need of the module."""
        code, found = self.code, self.found
        if (need.kind == "table" or need.scope) and module not in found.with_code:
            return False
        passing = code.passing.get(need.module)
        if passing is not None and need.module != module:
            if not _passes(code, found.context, passing):
                return False
            return need.module in found.own or code.is_parted(need.module) or found.context not in passing
        if need.name == "*":
            asked = found.parted[module] | ({use.name.partition(".")[0] for use in code.of(module).uses}
                                            if module in found.with_code else set())  # fmt: skip
            return any(name == "*" or code.symbols.resolve(need.module, name) is not None for name in asked)
        if module not in found.with_code:
            return bool(found.parted[module] & {need.bound, "*"})
        scopes = [use.scope for use in code.of(module).uses
                  if use.name == need.bound or use.name.startswith(need.bound + ".")]  # fmt: skip
        scopes = [*scopes, need.scope] if need.scope else scopes
        if need.bound and not scopes:
            return bool(found.parted[module] & {need.bound, "*"}) or not code.is_package(module)
        handlers, dropped = self._handlers(module)
        scopes = [scope for scope in scopes if scope.rpartition(".")[2] not in dropped]
        if not scopes and need.bound:
            return bool(found.parted[module] & {need.bound, "*"})
        others = code.owner(need.module) not in (CORE, "", found.context) and not code.is_shareable(need.module)
        if code.config.answers_for(found.context, ""):
            handlers = set()
        return not (others and all(scope.rpartition(".")[2] in handlers or _STARTING.search(scope) for scope in scopes))

    def _handlers(self, module: str) -> tuple[set[str], set[str]]:
        """The functions of a module that answer requests, and those of them that no service gets."""
        path = self.code.path(module)
        mine = [route for route in self.code.graph.routes if route.source == path and route.module == module]
        takes_rest = self.code.config.answers_for(self.found.context, "")
        dropped = {route.handler.rpartition(".")[2] for route in mine if route.path not in HEALTH and not takes_rest}
        return {route.handler.rpartition(".")[2] for route in mine}, dropped


def gone_of(code: Codebase, found: Contents, module: str) -> Gone:
    """What goes from a module of which the service gets a part."""
    closing = _Closing(code, found, ())
    gone: set[tuple[int, str]] = set()
    facts = code.of(module)
    kept = found.parted[module]
    for need in code.needs.of(module):
        if need.bound and not (closing.keeps(module, need) and (found.has(need.module) or code.in_core(need.module))):
            gone.add((need.line, need.bound))
    statements: set[int] = set()
    path = code.path(module)
    hollow = module not in found.with_code and not (facts.dynamic_getattr and kept)
    if hollow:
        for fact in facts.imports:
            for name, bound in fact.names:
                if bound not in kept and name != "*" and fact.module != "__future__":
                    gone.add((fact.line, bound))
    gone -= {(line, bound) for line, bound, asked in _broken(code, module, kept) if asked}
    gone |= {(line, bound) for line, bound, asked in _broken(code, module, kept) if not asked}
    for route in code.graph.routes:
        if route.source == path and route.path not in HEALTH and route.module != "fastapi" \
                and not code.config.answers_for(found.context, ""):  # fmt: skip
            statements.add(route.line)
    if module == code.entry or code.passing.get(module):
        statements |= _foreign_inclusions(code, found, path)
    attributes = frozenset(bound for _, bound in gone if "." in bound)
    texts = frozenset((line, text) for line, text, name in code.loaded_by_name(module) if name not in found.own)
    return Gone(frozenset(gone), frozenset(statements), frozenset(kept), hollow, texts, attributes)


def _foreign_inclusions(code: Codebase, found: Contents, path: str) -> set[int]:
    """The lines at which nothing is included but what the service does not serve."""
    lines: dict[int, set[bool]] = {}
    for line, target in code.inclusions.get(path, ()):
        mine = target in found.own or _passes(code, found.context, code.passing.get(target, ()))
        lines.setdefault(line, set()).add(mine)
    included = {event.line for event in code.facts[path].routes if event.action in ("include", "mount")}
    return {line for line, found_there in lines.items() if found_there == {False}} & included


def _passes(code: Codebase, context: str, owners: Collection[str]) -> bool:
    """Whether any of what passes through a module, of these owners, is answered by a context's service."""
    return any(code.config.answers_for(context, owner) for owner in owners)


def _broken(code: Codebase, package: str, kept: Collection[str]) -> Iterator[tuple[int, str, bool]]:
    """What a package imports from where there is nothing: line and name, and whether anybody asks for any of it.

    Such an import stays whole, so that it is known for the one that was broken before, or goes altogether.
    """
    facts, path = code.of(package), code.path(package)
    for fact in facts.imports if code.is_package(package) else ():
        base = code.modules.absolute(path, fact.level, fact.module)
        if fact.kind == "load" and base and code.modules.is_ours(base) and not code.modules.exists(base):
            asked = any(bound in kept or bound == "*" for _, bound in fact.names)
            yield from ((fact.line, bound, asked) for _, bound in fact.names)
