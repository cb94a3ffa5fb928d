"""How routes come about: routers made, routes added, routers included, and the functions that do it."""

from __future__ import annotations

import ast

from decomposer.model.facts import RouteEvent
from decomposer.syntax.dotted import argument, dotted, template, texts

VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})
ADDERS = frozenset({"add_api_route", "add_route", "add_websocket_route", "add_api_websocket_route"})
_FOLLOWED = frozenset({"router", "prefix", "include_in_schema"})
HIDDEN = "include_in_schema=False"
STRONG = frozenset({"router", "route", "include", "mount"})
APPLICATION_NAMES = frozenset({"app", "application", "api", "router", "routers", "_app", "fastapi_app"})


def read_decorator(node: ast.expr, handler: str, scope: str, guard: str) -> RouteEvent | None:
    """`@router.get("/path")` and its kin as a route, None for any other decorator."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    target, verb = dotted(node.func.value), node.func.attr
    if not target:
        return None
    if verb in VERBS:
        methods: tuple[str, ...] = (verb.upper(),)
    elif verb in ("api_route", "route"):
        methods = tuple(sorted(m.upper() for m in texts(argument(node, -1, "methods")))) or ("GET",)
    elif verb in ("websocket", "websocket_route"):
        methods = ("WEBSOCKET",)
    else:
        return None
    path_node = argument(node, 0, "path")
    if path_node is None:
        return None
    path = template(path_node)
    return RouteEvent(node.lineno, scope, "route", target, handler, path, methods, _hidden(node), guard)


def read_call(call: ast.Call, target: str, line: int, scope: str, guard: str) -> list[RouteEvent]:
    """A call that stands alone or is assigned to `target`: what it does to routers, [] when nothing."""
    callee = dotted(call.func)
    if not callee:
        return []
    receiver, _, method = callee.rpartition(".")
    if receiver and method == "include_router":
        made, router = _operand(argument(call, 0, "router"), line, scope, guard)
        prefix = template(argument(call, 1, "prefix"))
        given = tuple(sorted(k.arg or "**" for k in call.keywords if k.arg not in _FOLLOWED))
        return [*made, RouteEvent(line, scope, "include", receiver, router, prefix, given, _hidden(call), guard)]
    if receiver and method == "mount":
        made, app = _operand(argument(call, 1, "app"), line, scope, guard)
        path = template(argument(call, 0, "path"))
        return [*made, RouteEvent(line, scope, "mount", receiver, app, path, guard=guard)]
    if receiver and method in ADDERS:
        handler = dotted(argument(call, 1, "endpoint") or argument(call, 1, "route")) or "?"
        websocket = "websocket" in method
        given = tuple(sorted(m.upper() for m in texts(argument(call, -1, "methods"))))
        methods = ("WEBSOCKET",) if websocket else given or ("GET",)
        path = template(argument(call, 0, "path"))
        return [RouteEvent(line, scope, "route", receiver, handler, path, methods, _hidden(call), guard)]
    args = tuple(dotted(given) for given in call.args)
    named = tuple(f"{keyword.arg}={name}" for keyword in call.keywords if (name := dotted(keyword.value)))
    prefix = template(argument(call, -1, "prefix"))
    is_router = method.endswith(("Router", "FastAPI")) or callee in ("FastAPI", "Starlette")
    action = "router" if is_router else "call"
    off = tuple(
        keyword.arg or "" for keyword in call.keywords
        if is_router and isinstance(keyword.value, ast.Constant) and keyword.value.value is None
    )  # fmt: skip
    if is_router:
        named += _hidden(call)
    return [RouteEvent(line, scope, action, target, callee, prefix, off, args + named, guard)]


def _hidden(call: ast.Call) -> tuple[str, ...]:
    """The mark of what OpenAPI does not show."""
    shown = argument(call, -1, "include_in_schema")
    return (HIDDEN,) if isinstance(shown, ast.Constant) and shown.value is False else ()


def _operand(node: ast.expr | None, line: int, scope: str, guard: str) -> tuple[list[RouteEvent], str]:
    """The dotted name of what is included; a call in its place is first made a variable of its own."""
    if isinstance(node, ast.Call):
        temporary = f"<made at line {line}>"
        return read_call(node, temporary, line, scope, guard), temporary
    return [], dotted(node) or "?"


def keep_events(events: list[RouteEvent], parameters: dict[str, tuple[str, ...]]) -> tuple[RouteEvent, ...]:
    """The events worth keeping: all of the module's own, and those of functions that handle routers.

    Functions assign calls everywhere; without this, the facts would be mostly about other things. The
    parameters of a kept function are told by a first event `parameters`.
    """
    handling = {
        event.scope for event in events
        if event.action in STRONG or event.target in APPLICATION_NAMES
        or (event.action == "return" and event.value in APPLICATION_NAMES)
        or any(arg.rpartition("=")[2].rpartition(".")[2] in APPLICATION_NAMES for arg in event.args)
    }  # fmt: skip
    kept: list[RouteEvent] = []
    for scope in sorted(handling - {""}):
        kept.append(RouteEvent(0, scope, "parameters", args=parameters.get(scope, ())))
    kept += [
        event for event in events
        if event.scope in handling
        and (event.scope or event.action != "call" or _may_matter(event))
    ]  # fmt: skip
    return tuple(kept)


def _may_matter(event: RouteEvent) -> bool:
    """Whether a module-level call could make or fill a router: not a method of something else, unassigned."""
    return bool(event.target) or any(event.args) or "." not in event.value
