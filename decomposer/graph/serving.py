"""Routes as they are served: routers are made, filled and included as the code would do it, in order.

The events of a module run once, when it is first needed, those of a function whenever it is called with a
router or application or makes one. Nothing of the analysed code is executed: only names, prefixes and order
are followed.
"""

from __future__ import annotations

import re

from msgspec import structs

from decomposer.graph.router import APPLICATIONS, Router
from decomposer.graph.symbols import Symbol, Symbols
from decomposer.model.edges import Edge, Route
from decomposer.model.facts import RouteEvent
from decomposer.model.problems import Problem
from decomposer.syntax.dotted import MARK
from decomposer.syntax.routes import HIDDEN

DEEPEST = 30
_MARKED = re.compile(f"{MARK}([^{MARK}]*){MARK}")

_Value = Router | Symbol | list["_Value"] | None
_Scope = dict[str, "_Value"]


class Serving:
    """Follows the route events of a code base from its entry applications."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.modules = symbols.modules
        self.edges: list[Edge] = []
        self.problems: list[Problem] = []
        self._scopes: dict[str, _Scope] = {}
        self._made: list[Router] = []
        self._depth = 0

    def routes(self, entries: tuple[str, ...]) -> list[Route]:
        """All routes of the entry applications (`module:attribute`), then those that no entry serves."""
        served: list[Route] = []
        seen: set[tuple[str, int, str, str]] = set()
        for entry in entries:
            module, _, attribute = entry.partition(":")
            router = self._application(module, attribute or "app")
            if router is None:
                continue
            if router.lifespan is not None:  # some applications add their routes when they start
                self._call(router.lifespan, [router], {}, "")
            for order, route in enumerate(router.routes):
                served.append(structs.replace(route, entry=entry, order=order))
                seen.add((route.source, route.line, route.handler, route.method))
        for name in sorted(self.modules.path_of):
            self._module(name)
        for router in self._made:
            for route in router.routes:
                key = (route.source, route.line, route.handler, route.method)
                if key not in seen:
                    seen.add(key)
                    served.append(route)
        self.problems = list(dict.fromkeys(self.problems))
        return served

    def application_size(self, module: str, attribute: str) -> int | None:
        """How many routes an application has, None when the name is no application."""
        router = self._application(module, attribute)
        return len(router.routes) if router is not None else None

    def _application(self, module: str, attribute: str) -> Router | None:
        """The application that a name stands for, or that the function of that name makes."""
        found = self._lookup(module, attribute)
        if isinstance(found, Symbol) and found.name:
            found = self._call(found, [], {}, "")  # as `uvicorn --factory` does
        return found if isinstance(found, Router) and found.is_application else None

    def _module(self, name: str) -> _Scope:
        """The variables of a module after its events have run."""
        if name in self._scopes:
            return self._scopes[name]
        scope: _Scope = {}
        self._scopes[name] = scope
        facts = self.symbols.facts(name)
        if facts is not None:
            self._run(name, [event for event in facts.routes if not event.scope], scope, scope, "")
        return scope

    def _run(self, module: str, events: list[RouteEvent], scope: _Scope, outer: _Scope, guard: str) -> _Value:
        """The value returned, after the events have changed the scope; loops run over what is known."""
        position = 0
        returned: _Value = None
        while position < len(events):
            event = events[position]
            if event.action == "loop":
                end = _end_of_loop(events, position)
                body = events[position + 1 : end]
                if any(inner.action in ("include", "route", "mount") for inner in body):
                    self._loop(module, event, body, scope, outer, guard)
                position = end + 1
                continue
            value = self._step(module, event, scope, outer, " and ".join(filter(None, (guard, event.guard))))
            if event.action == "return" and returned is None:
                returned = value
            position += 1
        return returned

    def _loop(
        self, module: str, event: RouteEvent, body: list[RouteEvent], scope: _Scope, outer: _Scope, guard: str
    ) -> None:
        items: list[_Value] = []
        for name in event.args:
            value = self._value(module, name, scope, outer)
            items += value if isinstance(value, list) else [value]
        if event.value == "name" and len(items) == 1 and not isinstance(items[0], Router):
            items = []
        handled = (self._value(module, inner.target, scope, outer) for inner in body if inner.action != "call")
        if not items and any(isinstance(router, Router) for router in handled):
            self._not_understood(module, event, f"the loop over `{', '.join(event.args)}`")
        for item in items:
            scope[event.target] = item
            self._run(module, body, scope, outer, guard)

    def _step(self, module: str, event: RouteEvent, scope: _Scope, outer: _Scope, guard: str) -> _Value:
        value: _Value = None
        match event.action:
            case "router":
                value = self._make(module, event, scope, outer)
            case "call":
                callee = self._value(module, event.value, scope, outer)
                if isinstance(callee, Symbol):
                    if self._is_router_class(callee):
                        value = self._make(module, event, scope, outer)
                    elif not callee.external:
                        given, named = self._arguments(module, event, scope, outer)
                        value = self._call(callee, given, named, guard)
            case "alias" | "return":
                value = self._value(module, event.value, scope, outer)
            case "list":
                value = [self._value(module, name, scope, outer) for name in event.args]
            case "route":
                self._add(module, event, self._value(module, event.target, scope, outer), guard)
            case "include" | "mount":
                self._include(module, event, scope, outer, guard)
        if event.target and event.action in ("router", "call", "alias", "list"):
            scope[event.target] = value
            if isinstance(value, Router) and not value.name and not event.scope:
                value.module, value.name = module, event.target
        return value

    def _arguments(
        self, module: str, event: RouteEvent, scope: _Scope, outer: _Scope
    ) -> tuple[list[_Value], dict[str, _Value]]:
        given = [self._value(module, a, scope, outer) if a else None for a in event.args if "=" not in a]
        named: dict[str, _Value] = {}
        for argument in event.args:
            keyword, equals, name = argument.partition("=")
            if equals:
                named[keyword] = self._value(module, name, scope, outer)
        return given, named

    def _make(self, module: str, event: RouteEvent, scope: _Scope, outer: _Scope) -> Router:
        callee = self._value(module, event.value, scope, outer)
        last = (callee.name or callee.module).rpartition(".")[2] if isinstance(callee, Symbol) else event.value
        is_application = last.rpartition(".")[2] in APPLICATIONS or event.value.endswith("FastAPI")
        prefix = self._text(module, event.path, scope, outer)
        named = self._arguments(module, event, scope, outer)[1].get("lifespan")
        lifespan = named if isinstance(named, Symbol) else None
        name = "" if event.scope else event.target  # one made in a function has no name to import it by
        router = Router(module, name, prefix, is_application, lifespan, HIDDEN in event.args)
        self._made.append(router)
        if last == "FastAPI":
            router.add_framework_routes(self.modules.path_of[module], event.line, frozenset(event.methods))
        return router

    def _is_router_class(self, symbol: Symbol) -> bool:
        if symbol.external:
            return (symbol.name or symbol.module).rpartition(".")[2] in ("APIRouter", *APPLICATIONS)
        facts = self.symbols.facts(symbol.module)
        for definition in facts.definitions if facts else ():
            if definition.name == symbol.name and definition.kind == "class":
                for base in definition.bases:
                    parent = self.symbols.follow(symbol.module, base)
                    if parent is not None and parent != symbol and self._is_router_class(parent):
                        return True
        return False

    def _call(self, function: Symbol, given: list[_Value], named: dict[str, _Value], guard: str) -> _Value:
        """What a function of ours returns, after its events have run with these arguments."""
        facts = self.symbols.facts(function.module)
        if facts is None or self._depth >= DEEPEST:
            return None
        events = [event for event in facts.routes if event.scope == function.name]
        if not events:
            return None
        outer = self._module(function.module)
        scope: _Scope = {}
        for event in events:
            if event.action == "parameters":
                scope.update(dict.fromkeys(event.args))
                scope.update(zip(event.args, given, strict=False))
                scope.update({name: value for name, value in named.items() if name in event.args})
        self._depth += 1
        returned = self._run(function.module, events, scope, outer, guard)
        self._depth -= 1
        return returned

    def _value(self, module: str, dotted: str, scope: _Scope, outer: _Scope) -> _Value:
        """What a dotted name stands for: a router, a list of them, a definition, or None."""
        for variables in (scope, outer):
            if dotted in variables:
                return variables[dotted]
        head, _, rest = dotted.partition(".")
        if head in scope:
            found = scope[head]
            if isinstance(found, Symbol) and rest:
                return self._attribute(self.symbols.descend(found, rest))
            return None if rest else found
        # Imports of a function are not in the module's own table: look at them first.
        facts = self.symbols.facts(module)
        path = self.modules.path_of.get(module, "")
        for fact in facts.imports if facts else ():
            if fact.scope and any(bound == head for _, bound in fact.names):
                base = self.modules.absolute(path, fact.level, fact.module) if fact.is_from else None
                if base is not None:
                    name = next(name for name, bound in fact.names if bound == head)
                    self._on_the_way(base, f"{name}.{rest}" if rest else name)
                symbol = self.symbols.from_import(path, fact, head)
                return self._attribute(self.symbols.descend(symbol, rest) if rest else symbol)
        return self._lookup(module, dotted)

    def _lookup(self, module: str, dotted: str) -> _Value:
        scope = self._module(module)
        if dotted in scope:
            return scope[dotted]
        self._on_the_way(module, dotted)
        return self._attribute(self.symbols.follow(module, dotted))

    def _on_the_way(self, module: str, dotted: str) -> None:
        """Runs the modules that hand a name on, each after the one that it has the name from, as loading them does."""
        for name in dotted.split("."):
            self._handing_on(module, name)
            found = self.symbols.resolve(module, name)
            if found is None or found.external or found.name:
                break
            module = found.module

    def _handing_on(self, module: str, name: str) -> None:
        handed: list[str] = []
        base: str | None = module
        while base is not None and base in self.modules.path_of and base not in handed:
            handed.append(base)
            fact, name = self.symbols.bound_by_import(base).get(name, (None, name))
            path = self.modules.path_of[base]
            base = self.modules.absolute(path, fact.level, fact.module) if fact is not None and fact.is_from else None
        for each in reversed(handed):
            self._module(each)

    def _attribute(self, symbol: Symbol | None) -> _Value:
        """The router behind a symbol, if its module holds one by that name; else the symbol itself."""
        if symbol is None or symbol.external or not symbol.name:
            return symbol
        return self._module(symbol.module).get(symbol.name, symbol)

    def _text(self, module: str, template: str, scope: _Scope, outer: _Scope) -> str:
        """A path with its names replaced by their constants; an unknown one stays visible as `{name}`."""
        if MARK not in template:
            return template

        def replace(match: re.Match[str]) -> str:
            name = match.group(1)
            head, _, attribute = name.rpartition(".")
            symbol = self.symbols.follow(module, name) or (head and self.symbols.follow(module, head))
            if isinstance(symbol, Symbol) and not symbol.external:
                facts = self.symbols.facts(symbol.module)
                constants = dict(facts.constants) if facts else {}
                for key in (symbol.name, f"{symbol.name}.{attribute}"):
                    if key in constants:
                        return constants[key]
                # `settings = Settings()`: the constant is in the class that the only such attribute names
                found = [v for k, v in constants.items() if attribute and k.endswith(f".{attribute}")]
                if len(found) == 1:
                    return found[0]
            return f"{{{name}}}"

        return _MARKED.sub(replace, template)

    def _add(self, module: str, event: RouteEvent, router: _Value, guard: str) -> None:
        if isinstance(router, Router):  # and not `@client.get("/x")` of something that is no router
            path = self._text(module, event.path, {}, {})
            router.add(event, path, module, self.modules.path_of[module], guard)

    def _include(self, module: str, event: RouteEvent, scope: _Scope, outer: _Scope, guard: str) -> None:
        receiver = self._value(module, event.target, scope, outer)
        included = self._value(module, event.value, scope, outer)
        if isinstance(included, Symbol) and not included.name and not included.external:
            included = self._lookup(included.module, "router")  # a module given where its router was meant
        if not isinstance(receiver, Router):
            return
        path = self.modules.path_of[module]
        prefix = self._text(module, event.path, scope, outer)
        if event.action == "mount" and not (isinstance(included, Router) and included.routes):
            receiver.mount(event, prefix, module, path, guard)
        elif isinstance(included, Router):
            receiver.include(included, prefix, guard, HIDDEN in event.args)
            if included.module != module:
                names = (included.name, prefix, *event.methods) if prefix or event.methods else (included.name,)
                self.edges.append(Edge(module, included.module, "route", path, event.line, names, event.scope))
        elif event.action == "include" and not (isinstance(included, Symbol) and included.external):
            self._not_understood(module, event, f"`include_router({event.value})`")

    def _not_understood(self, module: str, event: RouteEvent, what: str) -> None:
        self.problems.append(Problem(
            self.modules.path_of[module], event.line, "route-not-understood",
            f"{what} could not be followed: its routes are missing from the report", severity="warning",
        ))  # fmt: skip


def _end_of_loop(events: list[RouteEvent], start: int) -> int:
    depth = 0
    for position in range(start, len(events)):
        if events[position].action == "loop":
            depth += 1
        elif events[position].action == "end":
            depth -= 1
            if depth == 0:
                return position
    return len(events) - 1
