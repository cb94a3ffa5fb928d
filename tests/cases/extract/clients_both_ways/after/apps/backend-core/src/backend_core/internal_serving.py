# Rendered by decompose; remove this line to keep the file as you edit it.
"""How calls of other services are answered: by whom, and with what.

An application calls `serve`; whoever calls it then has to know the token in INTERNAL_TOKEN.
"""

import contextlib
import hmac
import importlib.util
import inspect
import json
import logging
import os
import pkgutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from backend_core.internal_calls import (
    PREFIX,
    PROBLEM,
    TOKEN,
    Answer,
    Asked,
    CannotCross,
    Operation,
    OwnerError,
    OwnerUnavailable,
    pack,
    passed_on,
    short,
)

_PASSED = ("x-request-id", "traceparent", "tracestate")
_log = logging.getLogger(__name__)


class Endpoint(NamedTuple):
    """What answers an operation: the models it is asked and answered with, what it raises."""

    asked: type[Asked]
    answer: type[Answer]
    raised: dict[type[Exception], str]
    handler: Callable[[Any], Any]


class Endpoints:
    """The operations of one owner that other services call, each with what answers it."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.by_path: dict[str, Endpoint] = {}

    def answers(
        self,
        operation: Operation,
        raised: dict[type[Exception], str],
        asked: type[Asked] | None = None,
        answer: type[Answer] | None = None,
    ) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
        """Lets a function answer an operation.

        `raised` are the names of exceptions in the contract; `asked` and `answer` are models
        with classes of the owner's own in place of the contract's.
        """

        def keep(handler: Callable[[Any], Any]) -> Callable[[Any], Any]:
            self.by_path[operation.path] = Endpoint(
                asked or operation.asked, answer or operation.answer, raised, handler
            )
            return handler

        return keep


async def answer(
    endpoints: dict[str, Endpoint], path: str, token: str, body: bytes
) -> tuple[int, bytes, str]:
    """The status, the content and its type with which a call is answered."""
    secret = os.environ.get(TOKEN, "")
    if not secret:
        return _problem(503, f"{TOKEN} is not set here: calls are refused")
    if not hmac.compare_digest(token.encode(), f"Bearer {secret}".encode()):
        return _problem(401, "the token is not the one of this service")
    found = endpoints.get(path)
    if found is None:
        return _problem(404, f"nothing answers {path} here: the contracts differ")
    try:
        asked = found.asked.model_validate_json(body or b"{}")
    except ValueError as error:
        return _problem(400, f"this is not what the contract says: {short(error)}")
    try:
        if inspect.iscoroutinefunction(found.handler):
            value = await found.handler(asked)
        else:
            value = await run_in_threadpool(found.handler, asked)
    except Exception as error:  # noqa: BLE001  it is told to whoever called
        return _told(error, found.raised, path)
    try:
        content = found.answer(value=value).model_dump_json(by_alias=True).encode()
    except ValueError as error:
        _log.exception("%s", path)
        return _problem(500, f"the answer does not fit the contract: {short(error)}")
    return 200, content, "application/json"


def _told(
    error: Exception, raised: dict[type[Exception], str], path: str
) -> tuple[int, bytes, str]:
    """An exception, by its name where the other side knows it."""
    kind = type(error)
    name = _name(kind, raised)
    try:
        told = {
            "error": name,
            "args": pack(list(error.args)),
            "state": pack(_state(error) if "." in name else dict(error.__dict__)),
        }
    except CannotCross:
        name = ""
    if not name:
        _log.exception("%s", path, exc_info=error)
        return _problem(
            500,
            f"the owner raised {kind.__module__}.{kind.__qualname__}: {short(error)}",
        )
    return _problem(422, short(error), **told)


def _name(kind: type[Exception], raised: dict[type[Exception], str]) -> str:
    """What the other side calls an exception, "" where it does not know it.

    A library's is known where one is known that it is a case of: the other side has that too.
    """
    if kind in raised:
        return raised[kind]
    if kind.__module__ == "builtins":
        return kind.__name__
    top = kind.__module__.partition(".")[0]
    others = [one for one, name in raised.items() if "." in name and isinstance(one, type)]
    if any(issubclass(kind, o) and o.__module__.partition(".")[0] == top for o in others):
        return f"{kind.__module__}.{kind.__qualname__}"
    return ""


def _state(error: Exception) -> dict[str, Any]:
    """What a library's exception carries besides what one has that is made of its `args`.

    Raises CannotCross where none can be made of these, or more than these would be lost.
    """
    try:
        made = type(error)(*error.args)
        is_same = type(made) is type(error) and (made.args, str(made)) == (
            error.args,
            str(error),
        )
    except Exception:  # noqa: BLE001  it wants something else, or is made of something else
        is_same = False
    if not is_same:
        raise CannotCross(f"{type(error).__qualname__} is not made of its args alone")
    state = {}
    for key, value in error.__dict__.items():
        try:
            pack(value)
        except CannotCross:
            if key not in made.__dict__:
                raise
        else:
            state[key] = value
    return state


def _problem(status: int, detail: str, **more: Any) -> tuple[int, bytes, str]:
    told = {"type": "about:blank", "status": status, "detail": detail, **more}
    return status, json.dumps(told).encode(), PROBLEM


@contextlib.contextmanager
def session_of(provider: Callable[[], Any]) -> Iterator[Any]:
    """A session for one call: what it changed is kept when the call ends well."""
    made = provider()
    with contextlib.ExitStack() as stack:
        if inspect.isgenerator(made):
            session = next(made)
            stack.callback(made.close)
        else:
            session = stack.enter_context(made) if hasattr(made, "__enter__") else made
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextlib.asynccontextmanager
async def async_session_of(provider: Callable[[], Any]) -> AsyncIterator[Any]:
    """The same for sessions that are awaited."""
    made = provider()
    async with contextlib.AsyncExitStack() as stack:
        if inspect.isasyncgen(made):
            session = await anext(made)
            stack.push_async_callback(made.aclose)
        else:
            session = (
                await stack.enter_async_context(made)
                if hasattr(made, "__aenter__")
                else made
            )
        try:
            yield session
            await session.commit()
        except BaseException:
            await session.rollback()
            raise


class CallsBetweenServices:
    """Before everything else: answers other services, keeps what is to be passed on."""

    def __init__(self, app: Any, endpoints: dict[str, Endpoint]) -> None:
        self.app, self.endpoints = app, endpoints

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        kept = {name: headers[name] for name in _PASSED if name in headers}
        kept.setdefault("x-request-id", uuid.uuid4().hex)
        passed_on.set(kept)
        path = scope["path"]
        if scope["type"] != "http" or not path.startswith(f"{PREFIX}/"):
            return await self.app(scope, receive, send)
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        status, content, kind = await answer(
            self.endpoints, path, headers.get("authorization", ""), b"".join(parts)
        )
        told = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(content)).encode()),
            (b"x-request-id", kept["x-request-id"].encode("latin-1")),
        ]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": content})
        return None


def serve(app: FastAPI, package: str | None) -> None:
    """Lets an application answer what other services call: what `_internal` of its package has.

    An owner that does not answer becomes 503, one that answers something else 502.
    """
    endpoints: dict[str, Endpoint] = {}
    top = (package or "").partition(".")[0]
    if top and importlib.util.find_spec(f"{top}._internal") is not None:
        inside = pkgutil.resolve_name(f"{top}._internal")
        for module in pkgutil.iter_modules(inside.__path__, f"{top}._internal."):
            endpoints |= pkgutil.resolve_name(module.name).endpoints.by_path
    app.add_middleware(CallsBetweenServices, endpoints=endpoints)
    app.add_exception_handler(OwnerError, tell_of_failed_call)


async def tell_of_failed_call(request: Request, error: Exception) -> JSONResponse:
    """What a client of the API is told when a service that is needed does not answer."""
    _log.error("%s %s: %s", request.method, request.url.path, error)
    status = 503 if isinstance(error, OwnerUnavailable) else 502
    owner = error.owner if isinstance(error, OwnerError) else ""
    return JSONResponse(
        {"detail": f"{owner} does not answer as it should"}, status_code=status
    )
