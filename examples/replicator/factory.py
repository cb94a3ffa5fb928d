"""The function that builds the application: middleware, routers, probes, and handlers of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .blueprint import Function, Module
from .bodies import indented
from .functions import Surroundings, call_text, handler_lines

# What goes in where the module imports every name in front.
SET_UP: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("Limiter", "get_remote_address"), ("app.state.limiter = Limiter(key_func=get_remote_address)",)),
    (
        ("RateLimitExceeded", "_rate_limit_exceeded_handler"),
        ("app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)",),
    ),
    (
        ("CORSMiddleware",),
        (
            "app.add_middleware(",
            "    CORSMiddleware,",
            '    allow_origins=["*"],',
            '    allow_methods=["*"],',
            ")",
        ),
    ),
    (("RequestIDMiddleware",), ("app.add_middleware(RequestIDMiddleware)",)),
    (("PerformanceLoggingMiddleware",), ("app.add_middleware(PerformanceLoggingMiddleware)",)),
    (
        ("RequestValidationMiddleware",),
        ("app.add_middleware(RequestValidationMiddleware, max_request_size=1048576)",),
    ),
    (("ErrorHandlerMiddleware",), ("app.add_middleware(ErrorHandlerMiddleware)",)),
    (("make_asgi_app",), ('app.mount("/metrics", make_asgi_app())',)),
    (
        ("AITBCError", "JSONResponse", "Request"),
        (
            "",
            "@app.exception_handler(AITBCError)",
            "async def coordinator_error(request: Request, error: AITBCError) -> JSONResponse:",
            '    return JSONResponse(status_code=500, content={"error": str(error)})',
        ),
    ),
)


def inner_handlers(module: Module) -> list[Function]:
    """The handlers of routes that no function of the top level serves: they stand inside the factory."""
    outer = {item.name for item in module.functions}
    routes = [route for route in module.routes if route[3] not in outer]
    factory = next((item for item in module.functions if item.name == "create_app"), None)
    if factory is None or not routes:
        return []
    room = factory.loc - len(_head(module)) - 3
    return [Function(handler, room // len(routes) - 2, True) for *_, handler in routes]


def _head(module: Module) -> list[str]:
    title = 'app = FastAPI(title="Coordinator API", version="1.0.0"'
    lines = [
        '"""Build the application: middleware, routers, probes."""',
        f"{title}, lifespan=lifespan)" if "lifespan" in module.defined else f"{title})",
    ]
    for names, text in SET_UP:
        if module.bound.keys() >= set(names):
            lines += text
    lines.append("")
    tried = {local for item in module.outer if item.place == "try" for _, local in item.names}
    for router, options in module.includes:
        call = f"app.include_router({', '.join(filter(None, [router, call_text(options)]))})"
        lines += [f"if {router}:", f"    {call}"] if router in tried else [call]
    return lines


def factory_lines(
    module: Module, factory: Function, lazy: Mapping[str, Sequence[str]], around: Surroundings
) -> list[str]:
    """The factory, `factory.loc` lines."""
    inside = _head(module)
    for item in inner_handlers(module):
        route = next(route for route in module.routes if route[3] == item.name)
        router, method, path, _ = route
        inside += ["", f'@{router}.{method}("{path}")']
        inside += handler_lines(module, item, lazy.get(item.name, ()), around)
    spare = factory.loc - 1 - len(inside) - 2
    inside += ["", *[f"app.state.probe_{number} = {number}" for number in range(spare)], "return app"]
    return [f"def {factory.name}() -> FastAPI:", *indented(inside)]
