"""The lines by which an application tells of its end: put in once, taken out whole, and what they do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decomposer.rewrite.sunset import tells_of_sunset, with_sunset, without_sunset

TEXTS = st.sampled_from(["app = FastAPI()\n", "app = make()", "# end\n\n\n", "x = 1\r\napp = f()\r\n", "é = 'ü'\n"])


@given(TEXTS.map(str.encode), st.dates().map(str), st.dates().map(str))
def test_what_is_put_in_comes_out(source: bytes, one: str, other: str) -> None:
    """All else stays byte for byte but for empty lines at the end; later days take the place of earlier ones."""
    told = with_sunset(source, "app", one, other)
    assert tells_of_sunset(told) and not tells_of_sunset(source)
    assert told.startswith(source.rstrip()) and source.rstrip() == without_sunset(told).rstrip()
    assert told == with_sunset(with_sunset(source, "app", other, one), "app", one, other)
    assert (b"\r\n" in source) == (b"\r\n" in told) and source == without_sunset(source)


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_answers_have_two_headers_more(kind: str) -> None:
    """After those of the application, whose own stay; what is no answer passes as it is."""
    scope: dict[str, Any] = {}
    exec(with_sunset(b"", "app", "2026-11-29", "2027-06-30"), {"app": _Application(scope)})
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(scope["made"](_answer)({"type": kind}, None, send))
    days = [(b"deprecation", b"@1795910400"), (b"sunset", b"Wed, 30 Jun 2027 00:00:00 GMT")]
    start = {"type": "http.response.start", "status": 200, "headers": [(b"x", b"1"), *days]}
    assert [start, {"type": "http.response.body", "body": b"hello"}] == sent


class _Application:
    """What notes the middleware that it is given."""

    def __init__(self, noted: dict[str, Any]) -> None:
        self.noted = noted

    def add_middleware(self, made: Any) -> None:
        """Notes it."""
        self.noted["made"] = made


async def _answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"1")]})
    await send({"type": "http.response.body", "body": b"hello"})
