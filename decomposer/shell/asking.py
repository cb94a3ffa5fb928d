"""Requests sent to a server on loopback, one connection each, and what came back."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence

from msgspec import Struct

from decomposer.shell.serving import LOOPBACK

_MOST = 16 * 1024 * 1024
_PIECE = 65536


class Reply(Struct, frozen=True):
    """What came back: status 0 and why there was nothing, or status, headers in their order and body."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    trouble: str = ""


def ask(
    port: int, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes | None, seconds: float
) -> Reply:  # fmt: skip
    """The answer to one request; of one that does not end in time, or is too long, the body is left out."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=seconds)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        length = [("Content-Length", str(len(body or b"")))] if body is not None or method in ("POST", "PUT", "PATCH") \
            else []  # fmt: skip
        for name, value in [*headers, *length]:
            connection.putheader(name, value.encode("latin-1", "replace"))
        connection.endheaders(body)
        return _received(connection, seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Reply(trouble=_why(error))
    finally:
        connection.close()


def _received(connection: http.client.HTTPConnection, seconds: float) -> Reply:
    response = connection.getresponse()
    headers = tuple((name.lower(), value) for name, value in response.getheaders())
    pieces: list[bytes] = []
    until, size = time.monotonic() + seconds, 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > until or size > _MOST:
            return Reply(response.status, headers, b"", "does not end")
    return Reply(response.status, headers, b"".join(pieces))


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return "the connection was closed" if isinstance(error, ConnectionError | http.client.HTTPException) else \
        f"cannot be sent: {error}"  # fmt: skip
