"""What an application serves: its OpenAPI document, its routes as they are tried, its middleware and handlers."""

from __future__ import annotations

import ast
import asyncio
import functools
import hashlib
import importlib
import inspect
import json
import re
import sys


def find(entry):
    """The application at `module:attribute`, made where the attribute is a function that makes it."""
    module, _, attribute = entry.partition(":")
    found = importlib.import_module(module)
    for part in (attribute or "app").split("."):
        found = getattr(found, part)
    return found if hasattr(found, "routes") or not callable(found) else found()


def openapi(app):
    """The OpenAPI document as it would be sent."""
    return json.loads(json.dumps(app.openapi(), default=str)) if hasattr(app, "openapi") else {}


def start_and_stop(app):
    """Runs the lifespan of an application to its end; raises RuntimeError when it does not start."""

    async def exchange():
        stop, started, failed = asyncio.Event(), asyncio.Event(), []
        sent = [{"type": "lifespan.startup"}]

        async def receive():
            if sent:
                return sent.pop()
            await stop.wait()
            return {"type": "lifespan.shutdown"}

        async def send(message):
            if message["type"] == "lifespan.startup.failed":
                failed.append(message.get("message", ""))
            started.set()

        task = asyncio.ensure_future(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send))
        waiting = asyncio.ensure_future(started.wait())
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        try:
            await task
        finally:
            waiting.cancel()
        if failed:
            raise RuntimeError("the application does not start: " + (str(failed[0]).strip().splitlines() or [""])[-1])

    asyncio.run(exchange())


def routes(app, fingerprints):
    """Every route in the order in which it is tried, those of included routers and mounted applications in place."""
    found = []
    _walk(app.routes, "", found, fingerprints, 0)
    return found


def _walk(candidates, prefix, found, fingerprints, depth):
    for route in candidates if depth < 30 else ():
        nested = getattr(route, "original_router", None)
        if nested is not None:  # FastAPI from 0.137 keeps an included router as one route
            if hasattr(route, "effective_candidates"):
                _walk(route.effective_candidates(), prefix, found, fingerprints, depth + 1)
            else:
                below = prefix + getattr(getattr(route, "include_context", None), "prefix", "")
                _walk(nested.routes, below, found, fingerprints, depth + 1)
            continue
        route = getattr(route, "starlette_route", None) or route
        endpoint = getattr(route, "endpoint", None)
        path = prefix + str(getattr(route, "path", "") or getattr(route, "host", ""))
        if endpoint is None:
            inner = getattr(route, "app", None)
            below = getattr(route, "routes", None) or []
            if below:
                _walk(below, path, found, fingerprints, depth + 1)
                continue
            endpoint = inner
        kind = "websocket" if "WebSocket" in type(route).__name__ else "http"
        if getattr(route, "endpoint", None) is None:
            kind = "mount"
        found.append({
            "kind": kind, "methods": sorted(set(getattr(route, "methods", None) or ()) - {"HEAD", "OPTIONS"})
            or sorted(getattr(route, "methods", None) or ()),
            "path": path, "endpoint": name_of(endpoint), "module": module_of(endpoint),
            "file": fingerprints.file(endpoint), "code": fingerprints.code(endpoint),
            "dependencies": [named(call) for call in _calls(getattr(route, "dependant", None))],
            "hidden": not getattr(route, "include_in_schema", True),
        })  # fmt: skip


def _calls(dependant):
    for inner in getattr(dependant, "dependencies", None) or ():
        if inner.call is not None:
            yield inner.call
        yield from _calls(inner)


def plain(value):
    """What a partial or a wrapped function is about."""
    while True:
        if isinstance(value, functools.partial):
            value = value.func
        elif inspect.ismethod(value):
            return value
        else:
            inner = getattr(value, "__wrapped__", None)
            if inner is None or not callable(inner):
                return value
            value = inner


def name_of(value):
    """The qualified name of a function or class, of an object its class's."""
    value = plain(value)
    return getattr(value, "__qualname__", None) or type(value).__qualname__


def module_of(value):
    """The module that defines a function or class, of an object its class's."""
    value = plain(value)
    known = hasattr(value, "__qualname__")
    return str(getattr(value if known else type(value), "__module__", "") or "")


def named(value):
    """`module:name`, of the module the last part: the rest may change when the module moves."""
    return "%s:%s" % (module_of(value).rpartition(".")[2], name_of(value))


def middleware(app):
    """Each middleware, the outermost first: its name, and the names of its options and of the functions among them."""
    found = []
    for item in getattr(app, "user_middleware", None) or ():
        options = dict(getattr(item, "kwargs", None) or getattr(item, "options", None) or {})
        told = [
            "%s=%s" % (name, name_of(value)) if inspect.isroutine(value) else name for name, value in options.items()
        ]
        told += ["*%s" % name_of(value) for value in getattr(item, "args", ()) or ()]
        found.append({"name": name_of(item.cls), "options": sorted(told)})
    return found


def exception_handlers(app):
    """The function that handles each exception or status."""
    handlers = getattr(app, "exception_handlers", None) or {}
    told = {key.__qualname__ if isinstance(key, type) else str(key): name_of(value) for key, value in handlers.items()}
    return {key: value.rpartition(".")[2] for key, value in sorted(told.items())}


def starts(app):
    """What runs when the application starts and stops: its lifespan, those of included routers, and event handlers."""
    router = getattr(app, "router", None)
    found, queue = [], [getattr(router, "lifespan_context", None)]
    while queue:
        function = plain(queue.pop(0))
        names = getattr(getattr(function, "__code__", None), "co_freevars", ())
        if "nested_context" in names and "original_context" in names:  # FastAPI's own, of two that it has put together
            cells = dict(zip(names, function.__closure__))
            queue[:0] = [cells["original_context"].cell_contents, cells["nested_context"].cell_contents]
        elif function is not None and not type(function).__name__.startswith("_Default"):
            found.append("lifespan %s" % name_of(function).rpartition(".")[2])
    for kind in ("startup", "shutdown"):
        handlers = getattr(router, "on_" + kind, None) or ()
        found += ["%s %s" % (kind, name_of(handler).rpartition(".")[2]) for handler in handlers]
    return found


class Fingerprints:
    """A digest of what a function does that stays when its module moves and its imports are respelled."""

    def __init__(self, request):
        self.root = request["root"]
        self.tops = set(request.get("tops", ()))
        self._trees = {}

    def file(self, endpoint):
        """The file that defines an endpoint, as seen from the repository; "" where there is none."""
        from decompose_probe.importing import relative

        module = sys.modules.get(module_of(endpoint))
        return relative(str(getattr(module, "__file__", "") or ""), self.root)

    def code(self, endpoint):
        """The digest, "" where the source cannot be had."""
        target = plain(endpoint)
        function = getattr(target, "__func__", target)
        module = sys.modules.get(module_of(function))
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py"):
            return ""
        node = self._index(file).get(
            (name_of(function), getattr(getattr(function, "__code__", None), "co_firstlineno", 0))
        ) or self._index(file).get((name_of(function), 0))
        if node is None:
            return ""
        return hashlib.sha256(ast.dump(_Plain(self.tops, node).visit(node)).encode("utf-8", "replace")).hexdigest()[:16]

    def _index(self, file):
        if file not in self._trees:
            found = {}
            try:
                with open(file, "rb") as source:
                    _collect(ast.parse(source.read()), "", found)
            except (OSError, SyntaxError, ValueError):
                pass
            self._trees[file] = found
        return self._trees[file]


def _collect(node, prefix, found):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = prefix + child.name
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            found[name, first] = found[name, 0] = child
            inside = "." if isinstance(child, ast.ClassDef) else ".<locals>."
            _collect(child, name + inside, found)
        else:
            _collect(child, prefix, found)


class _Plain(ast.NodeTransformer):
    """Takes out of a function what a move may respell: imports, dotted names of modules, the router's decorators."""

    def __init__(self, tops, function):
        self.tops = set(tops)
        for node in ast.walk(function):  # a name of its own is no module
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.tops.discard(node.id)
            elif isinstance(node, ast.arg):
                self.tops.discard(node.arg)

    def _function(self, node):
        self.generic_visit(node)
        node.decorator_list = []  # the routes they make are compared as routes
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _function

    def visit_Import(self, node):
        """An import: nothing."""
        return ast.Pass()

    visit_ImportFrom = visit_Import

    def visit_Attribute(self, node):
        """`package.module.name`: the name alone."""
        first = node
        while isinstance(first, ast.Attribute):
            first = first.value
        if isinstance(first, ast.Name) and first.id in self.tops:
            return ast.Name(id=node.attr, ctx=ast.Load())
        return self.generic_visit(node)

    def visit_Constant(self, node):
        """A string that names a module of the packages: its last part alone."""
        value = node.value
        dotted = isinstance(value, str) and re.match(r"[A-Za-z_][\w]*(\.\w+)+$", value)
        if dotted and value.partition(".")[0] in self.tops:
            return ast.Constant(value=value.rpartition(".")[2])
        return node
