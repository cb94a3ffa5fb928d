"""Which modules of others a context calls over HTTP: those for which the rules say so and that can be called so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from decomposer.model.config import CORE
from decomposer.model.crossing import Call, Crossing
from decomposer.model.problems import Problem
from decomposer.planning.codebase import Codebase
from decomposer.planning.contents import Contents, service_contents
from decomposer.planning.crossing import Crossings
from decomposer.planning.policies import Policies
from decomposer.planning.used_names import Sources

Clients = Mapping[str, Mapping[str, Call]]
"""Of each context the modules that it calls over HTTP, with what it uses of each."""


class Calling:
    """Judges what contexts use of each other's modules, in a code base whose core has, or is to have, some modules.

    For those `without_room` it has no room, though they are to be shared.
    """

    def __init__(
        self, code: Codebase, policies: Policies, read: Callable[[str], bytes | None], core: Collection[str],
        without_room: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.code, self.policies, self.core, self.without_room = code, policies, core, without_room
        self.sources = Sources(code, read)
        self._crossings = Crossings(code, self.sources, lambda module: code.in_core(module) or module in core)
        self.types = self._crossings.types
        self._refused: dict[str, dict[str, Call]] = {}

    def call(self, found: Contents, module: str) -> Call:
        """What a service uses of a module that it carries a copy of, or calls."""
        reason = found.clients.get(module) or found.copies[module]
        rule = self.policies.of(found.context, module)
        return self._crossings.call(found, module, reason, bool(rule and rule.session))

    def clients(self, context: str) -> dict[str, Call]:
        """The modules that a context calls over HTTP: of those that the rules want so, the ones that can be."""
        wanted = self.wanted(context)
        self._refused[context] = {}
        while wanted:
            found = service_contents(self.code, context, (), wanted)
            calls = {module: self.call(found, module) for module in sorted(found.clients)}
            refused = {module: call for module, call in calls.items() if not call.crosses()}
            if not refused:
                return calls
            self._refused[context] |= refused
            wanted -= refused.keys()
        return {}

    def wanted(self, context: str) -> set[str]:
        """The modules of others for which the rules say that a context calls them over HTTP."""
        code = self.code
        if not any(rule.policy == "client" for name in (context, CORE) for rule in self.policies.rules.get(name, ())):
            return set()
        return {
            module for module in code.modules.path_of
            if code.owner(module) not in (context, CORE, "") and not code.in_core(module) and not code.is_parted(module)
            and not code.is_alias(module) and self.policies.policy(context, module) == "client"
        }  # fmt: skip

    def problems(self, context: str) -> Iterator[Problem]:
        """A warning for each symbol that keeps a module from being called over HTTP where the rules want that."""
        self.clients(context)
        for _, call in sorted(self._refused[context].items()):
            for symbol in call.symbols:
                if symbol.reason:
                    yield refusal(call, symbol)


def refusal(call: Call, symbol: Crossing) -> Problem:
    """Why a symbol cannot be called in another process, and the choices that are left."""
    told = symbol.name if symbol.name == call.module else f"{call.module}.{symbol.name}"
    return Problem(
        symbol.path, symbol.line, "cannot-cross", f"{told}, which {call.context} uses at line {call.line} of "
        f"{call.by}, cannot be called over HTTP: {symbol.reason}; the {call.context} service carries a copy",
        choices(call, symbol), "warning",
    )  # fmt: skip


def choices(call: Call, symbol: Crossing) -> str:
    """What can be done about a symbol that cannot cross: the smallest change, share, or move."""
    return f"{symbol.change}; or share the module, or move it to {call.context}"
