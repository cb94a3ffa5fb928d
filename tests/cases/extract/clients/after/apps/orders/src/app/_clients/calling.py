# Rendered by decompose; remove this line to keep the file as you edit it.
"""How this service calls others over HTTP."""

import asyncio
import os
import time
import weakref
from typing import Any

import httpx
from backend_core.internal_calls import (
    TOKEN,
    Asked,
    CannotCross,
    Operation,
    OwnerUnavailable,
    passed_on,
    settled,
)

TIMEOUT = float(os.environ.get("INTERNAL_TIMEOUT") or 5)
"""Seconds that a call may take altogether, with a second try where it may be repeated."""
TRIES = 2
OMITTED: Any = object()
"""What is not given: the owner knows its default."""
_LATE = (httpx.TimeoutException, TimeoutError, asyncio.TimeoutError)
_LOST = (*_LATE, httpx.HTTPError, httpx.InvalidURL, OwnerUnavailable)
_LIMITS = httpx.Limits(
    max_connections=100, max_keepalive_connections=20, keepalive_expiry=4
)


class Owner:
    """Another context: at `address`, unless the environment variable `variable` says another."""

    def __init__(self, name: str, variable: str, address: str) -> None:
        self.name = name
        self.url = (os.environ.get(variable) or address).rstrip("/")
        self._client: tuple[int, httpx.Client] | None = None
        self._clients: weakref.WeakKeyDictionary[
            asyncio.AbstractEventLoop, httpx.AsyncClient
        ] = weakref.WeakKeyDictionary()

    def call(self, operation: Operation, given: dict[str, Any]) -> Any:
        """What the owner's function returns; raises what it raises, or OwnerError."""
        deadline = time.monotonic() + TIMEOUT
        content, headers = _written(operation, given)
        if self._client is None or self._client[0] != os.getpid():
            self._client = os.getpid(), httpx.Client(trust_env=False, limits=_LIMITS)
        client, url = self._client[1], self.url + operation.path
        for left in range(TRIES - 1 if operation.is_repeatable else 0, -1, -1):
            try:
                timeout = _rest(deadline, left)
                with client.stream(
                    "POST", url, content=content, headers=headers, timeout=timeout
                ) as response:
                    parts = []
                    for part in response.iter_bytes():
                        parts.append(part)
                        if time.monotonic() > deadline:
                            raise httpx.ReadTimeout("the answer goes on and on")
                    kind = response.headers.get("content-type", "")
                    value, raised = operation.read(
                        response.status_code, b"".join(parts), kind, url
                    )
            except _LOST as error:
                if not left or time.monotonic() >= deadline:
                    raise self._unavailable(operation, url, error) from error
            else:
                if raised is not None:  # not lost, though it may be one of httpx's
                    raise raised
                return value
        raise AssertionError("every try returns or raises")

    async def call_async(self, operation: Operation, given: dict[str, Any]) -> Any:
        """The same, awaited."""
        deadline = time.monotonic() + TIMEOUT
        content, headers = _written(operation, given)
        loop = asyncio.get_running_loop()
        client, url = self._clients.get(loop), self.url + operation.path
        if client is None:
            client = self._clients[loop] = httpx.AsyncClient(
                trust_env=False, limits=_LIMITS
            )
        for left in range(TRIES - 1 if operation.is_repeatable else 0, -1, -1):
            try:
                timeout = _rest(deadline, left)
                response = await asyncio.wait_for(
                    client.post(url, content=content, headers=headers, timeout=timeout),
                    timeout.read,
                )
                kind = response.headers.get("content-type", "")
                value, raised = operation.read(
                    response.status_code, response.content, kind, url
                )
            except _LOST as error:
                if not left or time.monotonic() >= deadline:
                    raise self._unavailable(operation, url, error) from error
            else:
                if raised is not None:
                    raise raised
                return value
        raise AssertionError("every try returns or raises")

    def _unavailable(
        self, operation: Operation, url: str, error: Exception
    ) -> OwnerUnavailable:
        if isinstance(error, OwnerUnavailable):
            return error
        late = isinstance(error, _LATE)
        reason = (
            f"no answer within {TIMEOUT:g} s"
            if late
            else f"{type(error).__name__}: {error}"
        )
        return OwnerUnavailable(self.name, operation.name, url, reason)


def made(model: type[Asked], given: dict[str, Any]) -> Asked:
    """What an instance of the owner's is made with; raises CannotCross for what does not fit."""
    try:
        return model(**_given(given))
    except ValueError as error:
        raise CannotCross(f"{model.__name__}: {' '.join(str(error).split())}") from None


def _given(given: dict[str, Any]) -> dict[str, Any]:
    """What is given, without what is left to the owner."""
    return {
        name: settled(value) for name, value in given.items() if value is not OMITTED
    }


def _rest(deadline: float, left: int) -> httpx.Timeout:
    """The time that this try has: all that is left, or a part of it where there may be another."""
    rest = max(deadline - time.monotonic(), 0.001) / (left + 1)
    return httpx.Timeout(rest, connect=min(rest, 1))


def _written(
    operation: Operation, given: dict[str, Any]
) -> tuple[bytes, dict[str, str]]:
    """The content of a request and its headers; raises CannotCross for what does not fit."""
    try:
        asked = operation.asked(**_given(given))
        content = asked.model_dump_json(exclude_unset=True, by_alias=True).encode()
    except ValueError as error:
        raise CannotCross(
            f"{operation.owner}: {operation.name}: {' '.join(str(error).split())}"
        ) from None
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {os.environ.get(TOKEN, '')}".strip(),
    }
    return content, headers | passed_on.get({})
